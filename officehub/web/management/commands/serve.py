"""The whole system on one machine."""

import os
import sys
from argparse import ArgumentParser, BooleanOptionalAction

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction

from officehub.web import broker, house
from officehub.web.supervisor import Supervisor


class Command(BaseCommand):
    help = "在一台机器上运行整个系统：网页、后台任务、定时任务和队列。Ctrl-C 停止。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="监听的地址；要让别的电脑访问，用 0.0.0.0")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="网页进程数，每个 8 个线程")
        parser.add_argument("--demo", action=BooleanOptionalAction, help="数据库为空时建立（不建立）演示单位，不再询问")

    def handle(self, **options) -> None:
        try:
            house.check_port(options["host"], options["port"])
            lock = house.claim(settings.VAR)
        except house.Occupied as taken:
            raise CommandError(str(taken), returncode=2) from taken
        with lock:
            try:
                self.furnish(options["demo"])
            except KeyboardInterrupt as stopped:
                raise CommandError("已取消。", returncode=130) from stopped
            sys.exit(self.run(options, lock.fileno()))

    def furnish(self, demo: bool | None) -> None:
        self.say("正在准备数据库和静态文件……")
        house.furnish(settings.VAR)
        self.offer_demo(demo)
        connections.close_all()

    def offer_demo(self, wanted: bool | None) -> None:
        """An empty database gets the demo office: asked at a terminal, made without one, unless --no-demo."""
        if get_user_model().objects.exists():
            return
        if wanted is None and sys.stdin.isatty():
            wanted = input("数据库是空的。建立一个演示单位吗？[Y/n] ").strip().lower() in ("", "y", "yes", "是")
        if wanted is not False:
            self.say("正在建立演示单位……")
            with transaction.atomic():  # interrupted, it leaves the database empty and is offered again
                call_command("demo", verbosity=0, stdout=self.stdout)

    def run(self, options: dict, lock: int) -> int:
        """Until told to stop (0) or until a process keeps dying (1)."""
        queue = broker.choose(settings.VAR)
        if queue.warning:
            self.say(self.style.WARNING(queue.warning))
        address = settings.VAR / "run" / "broker"  # so that commands in another terminal find the queue
        address.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        address.write_text(queue.url)
        env = {**os.environ, "OFFICEHUB_BROKER": queue.url, "PYTHONUNBUFFERED": "1"}
        env.setdefault("SITE_URL", house.address(options["host"], options["port"]).rstrip("/"))  # for links in e-mails
        supervisor = Supervisor(env, self.say, held=[lock])
        supervisor.listen()
        try:
            self.open_house(supervisor, queue, options)
            supervisor.watch()
        finally:
            self.say("正在停止……")
            supervisor.close()
            address.unlink(missing_ok=True)
        self.say("已全部停止。")
        return supervisor.exit_code

    def open_house(self, supervisor: Supervisor, queue: broker.Broker, options: dict) -> None:
        host, port = options["host"], options["port"]
        for child in house.children(queue, host, port, options["workers"]):
            supervisor.start(child)
            if child.name == "broker" and not supervisor.wait_until(queue.answers, 30):
                self.gave_up(supervisor, f"队列 30 秒内没有就绪，原因见 {queue.log}。")
                return
        if supervisor.wait_until(lambda: house.web_answers(host, port), 120):
            self.greet(host, port)
        else:
            self.gave_up(supervisor, "网页服务 120 秒内没有就绪，原因见上面的输出。")

    def gave_up(self, supervisor: Supervisor, reason: str) -> None:
        if not supervisor.is_ending():
            self.stderr.write(reason)
            supervisor.exit_code = 1

    def greet(self, host: str, port: int) -> None:
        self.say(self.style.SUCCESS(f"\nOfficeHub 已就绪：{house.address(host, port)}"))
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            self.say(f"没有配置发信服务器，邮件存放在 {settings.EMAIL_FILE_PATH}")
        demo = house.demo()
        if get_user_model().objects.filter(username=demo.LOGINS[0][0]).exists():
            self.say(f"演示账号（密码都是 {demo.PASSWORD}）：")
            for username, who in demo.LOGINS:
                self.say(f"  {username:<12} {who}")
        self.say("按 Ctrl-C 停止。\n")
        connections.close_all()

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
