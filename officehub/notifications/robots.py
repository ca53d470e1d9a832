"""Group robots of 企业微信, 钉钉 and 飞书: what is posted to them, how it is signed, and where it may go at all.

Only hosts on the office's list are asked (ROBOT_HOSTS), over TLS unless it says otherwise (ROBOT_PLAIN_HTTP);
`http.client` follows no redirect and knows no proxy. The formats are the vendors' own:
developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com/document/robots/custom-robot-access and
open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
"""

import base64
import hashlib
import hmac
import http.client
import json
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from django.conf import settings

from officehub.notifications.channels import Channel

PUBLIC = {
    Channel.WECOM: "https://qyapi.weixin.qq.com",
    Channel.DINGTALK: "https://oapi.dingtalk.com",
    Channel.FEISHU: "https://open.feishu.cn",
}
LONGEST = {Channel.WECOM: 2048, Channel.DINGTALK: 18_000, Channel.FEISHU: 18_000}  # bytes of text
MOBILE = re.compile(r"1\d{10}")
ANSWER_BYTES = 65_536


class Unreachable(Exception):
    """The robot could not be asked: the address, the network, or an answer that is none."""


class Refused(Exception):
    """The robot answered that it will not say this."""


@dataclass(frozen=True)
class Said:
    """One message: what it says, whom it calls by phone number or user id (empty: nobody), and when."""

    text: str
    call: str
    at: datetime


def is_mobile(address: str) -> bool:
    return bool(MOBILE.fullmatch(address))


def fault_of(base: str) -> str:
    """Why this address may not be asked, in words; empty when it may."""
    try:
        parts = urlsplit(base)
        place = _place(parts)
    except ValueError:
        return "地址写得不对，应如 https://oapi.example.gov.cn"
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
        return "地址写得不对，应如 https://oapi.example.gov.cn"
    if parts.scheme == "http" and not settings.ROBOT_PLAIN_HTTP:
        return "地址须以 https:// 开头（ROBOT_PLAIN_HTTP 未开）"
    if place not in settings.ROBOT_HOSTS and parts.hostname not in settings.ROBOT_HOSTS:
        return f"{place} 不在允许外发的主机之列（ROBOT_HOSTS）"
    return ""


def _place(parts: SplitResult) -> str:
    """`host` or `host:port`; ValueError when the port is none."""
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def say(channel: str, base: str, token: str, secret: str, said: Said) -> None:
    """Let a robot say something in its group. Raises Unreachable or Refused, neither of which names the token."""
    base = base or PUBLIC[Channel(channel)]
    if fault := fault_of(base):
        raise Unreachable(fault)
    address, body = WAYS[Channel(channel)](token, secret, said)
    try:
        answer = _post(urlsplit(base), address, body)
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = _without(str(error) or type(error).__name__, token, secret)
        raise Unreachable(f"{urlsplit(base).hostname}：{why}") from error
    code = next((answer[name] for name in ("errcode", "code", "StatusCode") if name in answer), None)
    if code != 0:
        words = answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or ""
        raise Refused(_without(f"{code} {words}", token, secret))


def _without(text: str, *secrets: str) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return text[:200]


def _post(base: SplitResult, address: str, body: dict) -> dict[str, Any]:
    """The answer of the server as an object. It has ROBOT_SECONDS for all of it, however slowly it drips."""
    host, port, patience = str(base.hostname), base.port, settings.ROBOT_SECONDS
    line: http.client.HTTPConnection = (
        http.client.HTTPSConnection(host, port, timeout=patience, context=ssl.create_default_context())
        if base.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=patience)
    )
    try:
        line.connect()
        hang_up = Timer(patience, _hang_up, [line.sock])
        hang_up.start()
        try:
            sent = json.dumps(body, ensure_ascii=False).encode()
            line.request("POST", base.path.rstrip("/") + address, sent, {"Content-Type": "application/json"})
            answer = line.getresponse()
            text = answer.read(ANSWER_BYTES)
        finally:
            hang_up.cancel()
    finally:
        line.close()
    if answer.status != http.client.OK:
        raise http.client.HTTPException(f"HTTP {answer.status}")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise http.client.HTTPException("答复不是 JSON 对象")
    return found


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):  # it is closed already: the answer came in time
        sock.shutdown(socket.SHUT_RDWR)


# --- the three ways -----------------------------------------------------------------------------------------------


def _hmac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _wecom(token: str, secret: str, said: Said) -> tuple[str, dict]:
    """It has no signature: the key is all."""
    calls = {"mentioned_mobile_list" if is_mobile(said.call) else "mentioned_list": [said.call]} if said.call else {}
    text = {"content": fitted(said.text, LONGEST[Channel.WECOM]), **calls}
    return f"/cgi-bin/webhook/send?{urlencode({'key': token})}", {"msgtype": "text", "text": text}


def _dingtalk(token: str, secret: str, said: Said) -> tuple[str, dict]:
    """Signed: HMAC-SHA256 of "milliseconds, line end, secret" under the secret. Who is called stands in the text."""
    query, text = {"access_token": token}, fitted(said.text, LONGEST[Channel.DINGTALK])
    if secret:
        stamp = str(int(said.at.timestamp() * 1000))
        query |= {"timestamp": stamp, "sign": _hmac(secret, f"{stamp}\n{secret}")}
    at: dict[str, Any] = {"isAtAll": False}
    if said.call:
        text = f"{text}\n@{said.call}"
        at["atMobiles" if is_mobile(said.call) else "atUserIds"] = [said.call]
    return f"/robot/send?{urlencode(query)}", {"msgtype": "text", "text": {"content": text}, "at": at}


def _feishu(token: str, secret: str, said: Said) -> tuple[str, dict]:
    """Signed: HMAC-SHA256 of nothing under "seconds, line end, secret". Tags in the text are its own, so ours are
    taken out."""
    text = fitted(said.text, LONGEST[Channel.FEISHU]).replace("<", "〈").replace(">", "〉")
    if said.call:
        text = f'<at user_id="{said.call}"></at> {text}'
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(said.at.timestamp()))
        body = {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{secret}", ""), **body}
    return f"/open-apis/bot/v2/hook/{quote(token, safe='')}", body


def fitted(text: str, most: int) -> str:
    """No longer than so many bytes: its lines from the top, as many as fit."""
    kept = text
    while len(kept.encode()) > most and "\n" in kept:
        kept = kept.rpartition("\n")[0]
    return kept.encode()[:most].decode(errors="ignore")


WAYS = {Channel.WECOM: _wecom, Channel.DINGTALK: _dingtalk, Channel.FEISHU: _feishu}
