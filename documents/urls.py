from django.urls import path

from documents.views import course, drafting, issuing, ledgers, paper, picture

app_name = "documents"
urlpatterns = [
    path("", ledgers.papers, name="list"),
    path("register/", ledgers.register, name="register"),
    path("register/export/", ledgers.export_register, name="export_register"),
    path("rules/", ledgers.rules, name="rules"),
    path("new/", drafting.new, name="new"),
    path("sheets/<str:token>/<int:number>.png", paper.sheet, name="sheet"),
    path("people/", issuing.people, name="people"),
    path("<int:pk>/", course.detail, name="detail"),
    path("<int:pk>/picture/", picture.course_picture, name="course_picture"),
    path("<int:pk>/edit/", drafting.edit, name="edit"),
    path("<int:pk>/check/", drafting.check, name="check"),
    path("<int:pk>/attach/", drafting.attach, name="attach"),
    path("<int:pk>/attachments/<int:attached_pk>/", paper.attachment, name="attachment"),
    path("<int:pk>/attachments/<int:attached_pk>/remove/", drafting.detach, name="detach"),
    path("<int:pk>/submit/", drafting.submit, name="submit"),
    path("<int:pk>/simulate/", drafting.simulate, name="simulate"),
    path("<int:pk>/withdraw/", drafting.withdraw, name="withdraw"),
    path("<int:pk>/steps/<int:step_pk>/decide/", course.decide, name="decide"),
    path("<int:pk>/recheck/", issuing.recheck, name="recheck"),
    path("<int:pk>/number/", issuing.number, name="number"),
    path("<int:pk>/number/void/", issuing.void_number, name="void_number"),
    path("<int:pk>/progress/", issuing.progress, name="progress"),
    path("<int:pk>/print/again/", issuing.print_again, name="print_again"),
    path("<int:pk>/seal/", issuing.seal, name="seal"),
    path("<int:pk>/distribute/", issuing.distribute, name="distribute"),
    path("<int:pk>/acknowledge/", issuing.acknowledge, name="acknowledge"),
    path("<int:pk>/readers/", ledgers.readers, name="readers"),
    path("<int:pk>/archive/", issuing.archive, name="archive"),
    path("<int:pk>/pdf/", paper.pdf, name="pdf"),
]
