"""Papers of an invented city for the tests of the print."""

from documents.interchange import Paper, parse

SENTENCE = (
    "各县（市、区）要对水库、堤防、山塘进行全面排查，发现隐患立即整改，确保安全度汛；有关情况于11月底前报市水利局。"
)


def raw(**changes):
    return {
        "kind": "通知",
        "issuers": ["青岚市人民政府办公室"],
        "title": "青岚市人民政府办公室关于做好2026年冬春水利建设工作的通知",
        "primary_recipients": "各县（市、区）人民政府，市政府各部门、各直属机构",
        "body": "一、总体要求\n（一）加强领导。" + "\n".join([SENTENCE * 2] * 9),
        "document_number": "青政办发〔2026〕3号",
        "date_of_document": "2026-11-23",
        "cc_recipients": "市委各部门，市人大常委会办公室，市政协办公室，市监委，市法院，市检察院",
        "printing_office": "青岚市人民政府办公室",
        "printing_date": "2026-11-24",
        **changes,
    }


def paper(**changes) -> Paper:
    return parse(raw(**changes))


def paragraphs(count: int) -> str:
    return "\n".join(SENTENCE[: 20 + number * 37 % 60] for number in range(count))
