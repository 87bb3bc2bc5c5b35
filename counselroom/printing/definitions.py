"""What a form is: the shape of one `forms/*.toml`, in the vocabulary of a FHIR Questionnaire.

These classes hold a definition once it was read and accepted (`form_files`); they know nothing of files or of paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from counselroom.rules.disclosure import DisclosureClass

COLUMNS = 12
"""Columns of the grid on which items are placed."""
MAIN = "main"
"""The part an item belongs to unless it says otherwise."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
BindPath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=120)]
FormId = Annotated[str, StringConstraints(pattern=r"^F-[0-9]{2}(\.school)?$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Answer = str | int | bool


class Audience(StrEnum):
    """For whom a sheet is printed."""

    ROOM = "room"
    CLIENT = "client"
    GUARDIAN = "guardian"
    CLASS_TEACHER = "class_teacher"
    COLLEGE = "college"
    PEER = "peer"
    HOSPITAL = "hospital"
    POLICE = "police"
    LEADING_GROUP = "leading_group"
    BUREAU = "bureau"
    SUPERVISOR = "supervisor"
    ARCHIVE = "archive"


class Secrecy(StrEnum):
    """How secret the filled form is: S0 public, S1 internal, S2 confidential, S3 highest."""

    S0 = "S0"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"


class ItemType(StrEnum):
    """What kind of answer an item takes."""

    TEXT = "text"
    NOTE = "note"
    DATE = "date"
    TIME = "time"
    INT = "int"
    CHOICE = "choice"
    CHOICES = "choices"
    BOOL = "bool"
    TABLE = "table"
    SIGNATURE = "signature"
    PERSON = "person"
    COMPUTED = "computed"


class Operator(StrEnum):
    """How `enableWhen` compares an answer."""

    EXISTS = "exists"
    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(value: Any) -> Any:
    """Let a single table stand for a list of one."""
    return [value] if isinstance(value, dict) else value


def _option(value: Any) -> Any:
    """Let a plain word stand for an option whose code is the word."""
    return {"code": value, "text": value} if isinstance(value, str) else value


class Paper(_Entry):
    """The sheet. With `fill`, note cells grow until the page is full."""

    size: Literal["A4"] = "A4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    fill: bool = False


class FormHead(_Entry):
    """The table `[form]`: what the form is, how secret, for whom, on which paper."""

    id: FormId
    title: Label
    title_en: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    version: Annotated[int, Field(ge=1)]
    secrecy: Secrecy
    audiences: Annotated[tuple[Audience, ...], Field(min_length=1)]
    paper: Paper = Paper()
    subject: Name
    purpose: str = ""
    """What the print is usually for; prefilled, confirmed by the user."""
    copy_labels: Mapping[Audience, Label] = Field(default_factory=dict)
    """What stands at the top of the copy for an audience, such as 第一联　交医疗机构."""


class Place(_Entry):
    """Where an item stands in the grid of a part.

    `row` and `col` count from 1; `span` and `label` are columns (the label's are part of the span, halves allowed, 0
    for none); `rows` is the number of rows it covers; `lines` is the least height in lines for a pen.
    """

    part: Name = MAIN
    row: Annotated[int, Field(ge=1, le=99)]
    col: Annotated[int, Field(ge=1, le=COLUMNS)]
    span: Annotated[int, Field(ge=1, le=COLUMNS)]
    rows: Annotated[int, Field(ge=1, le=20)] = 1
    lines: Annotated[float, Field(ge=1, le=40)] = 1
    label: Annotated[float, Field(ge=0, le=6, multiple_of=0.5)] = 1.5


class Option(_Entry):
    """One answer that can be ticked; `other` leaves room for words of one's own."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    text: Label
    other: bool = False


class Comparison(_Entry):
    """One comparison with the answer to another item."""

    question: Name
    operator: Operator
    answer: Answer = True


class EnableWhen(_Entry):
    """When an item applies: all of some comparisons, or any of them. A lone comparison is a list of one."""

    all: tuple[Comparison, ...] = ()
    any: tuple[Comparison, ...] = ()


def _condition(value: Any) -> Any:
    """Let a lone comparison stand for a list of one."""
    return {"all": [value]} if isinstance(value, dict) and "question" in value else value


class Column(_Entry):
    """One column of a table; `width` is its share of the table's width.

    A column of the table that a register keeps its rows in asks like an item: with options, a limit, a condition.
    """

    link_id: Name = Field(alias="linkId")
    text: Label
    type: Literal["text", "note", "date", "time", "int", "choice", "choices", "bool", "person"] = "text"
    width: Annotated[float, Field(gt=0, le=20)] = 1
    required: bool = False
    max: Annotated[int, Field(ge=1, le=100_000)] | None = None
    unit: Annotated[str, StringConstraints(max_length=10)] = ""
    options: tuple[Annotated[Option, BeforeValidator(_option)], ...] = ()
    enable_when: Annotated[EnableWhen | None, BeforeValidator(_condition)] = Field(default=None, alias="enableWhen")

    @property
    def label(self) -> str:
        """The text without the line ends that shape it on paper."""
        return self.text.replace("\n", "")


class Item(_Entry):
    """One question of the form and its place on paper.

    Attributes of note:
        bind: the column the answer comes from, such as `student.name`.
        disclosure: the class of an answer that is kept by linkId in a register; an item with neither is for the pen.
        optional: left out unless it is ticked for this print.
        signed: a line to be signed at the foot of the cell; its text is who signs.
    """

    link_id: Name = Field(alias="linkId")
    text: Label
    type: ItemType
    at: Annotated[tuple[Place, ...], BeforeValidator(_listed), Field(min_length=1)]
    bind: BindPath | None = None
    disclosure: DisclosureClass | None = None
    identifier: bool = False
    audiences: Annotated[tuple[Audience, ...], Field(min_length=1)] = (Audience.ROOM,)
    required: bool = False
    optional: bool = False
    max: Annotated[int, Field(ge=1, le=100_000)] | None = None
    unit: Annotated[str, StringConstraints(max_length=10)] = ""
    options: tuple[Annotated[Option, BeforeValidator(_option)], ...] = ()
    columns: tuple[Column, ...] = ()
    enable_when: Annotated[EnableWhen | None, BeforeValidator(_condition)] = Field(default=None, alias="enableWhen")
    signed: Annotated[str, StringConstraints(max_length=20)] = ""

    @property
    def label(self) -> str:
        """The text without the line ends that shape it on paper."""
        return self.text.replace("\n", "")

    @property
    def fillable(self) -> bool:
        """Whether a value may be printed; an item that is not stays for the pen."""
        return self.bind is not None or self.disclosure is not None


class Part(_Entry):
    """A section of the form, or a slip that is torn off.

    `repeats` prints the part once for each entry of the value of the same id (`blank` times when nothing is filled);
    a `{n}` in its title counts them.
    """

    id: Name
    title: Annotated[str, StringConstraints(max_length=40)] = ""
    tear_off: bool = False
    page_break: bool = False
    """Begins on a new page."""
    cut_text: Annotated[str, StringConstraints(max_length=40)] = "沿此线撕下"
    repeats: bool = False
    blank: Annotated[int, Field(ge=1, le=20)] = 1


class Signature(_Entry):
    """A place to sign; two stand side by side unless `wide`. A `foreign` seal is not the school's own."""

    role: Name
    text: Label
    part: Name = MAIN
    seal: bool = False
    foreign: bool = False
    wide: bool = False
    audiences: tuple[Audience, ...] = ()
    """Empty: on every sheet."""


class Footnote(_Entry):
    """A sentence below a part; a fixed one stays when a school edits the form."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    part: Name | None = None
    fixed: bool = False


class Instead(_Entry):
    """What counts in place of a sum: `count` rows that fulfil `when`, for persons of these codes; `text` says it."""

    codes: Annotated[tuple[str, ...], Field(min_length=1)]
    count: Annotated[int, Field(ge=1, le=100)]
    when: Annotated[EnableWhen, BeforeValidator(_condition)]
    text: Label


class Target(_Entry):
    """What a school year asks of each person: the sum of `field`, by the code of the choice `by`.

    On paper the summary shows it in the columns `required`, `missing` and `note`.
    """

    field: Name
    by: Name
    required: Annotated[Mapping[str, Annotated[int, Field(ge=1, le=10_000)]], Field(min_length=1)]
    instead: Instead | None = None


class Register(_Entry):
    """The table `[register]`: the form is kept as a register, one row for each entry.

    Attributes of note:
        rows: the table item whose columns are the fields of a row; without it a row is one sheet of the form.
        columns: the fields shown in the list, in this order.
        date: the field that says on which day it happened; without it the day of entry.
        person: the field that says who it is about or of whom; sums are made by it.
        subject: `student` when that field names a student of the school: the row then belongs to the student's record.
        counted: numbers whose sums stand below the list.
        summary: a table of the sums by person below the rows on paper; its columns carry the linkIds of the fields.
        target: what a school year asks of each person.
        next_page: what a filed row leads to: a page of the window that is opened for the student and the row.
        next_when: rows that lead there at once, as soon as they are filed.
    """

    title: Label | None = None
    icon: Annotated[str, StringConstraints(pattern=r"^mdi6\.[a-z0-9-]+$", max_length=60)] = "mdi6.notebook-outline"
    rows: Name | None = None
    columns: Annotated[tuple[Name, ...], Field(min_length=1)]
    sort: Name | None = None
    newest_first: bool = True
    counted: tuple[Name, ...] = ()
    date: Name | None = None
    person: Name | None = None
    subject: Literal["none", "student"] = "none"
    summary: Name | None = None
    target: Target | None = None
    next_page: Literal["", "assessment"] = ""
    next_when: Annotated[EnableWhen | None, BeforeValidator(_condition)] = None
    secrecy: Secrecy | None = None


class Definition(_Entry):
    """One whole file."""

    form: FormHead
    item: Annotated[tuple[Item, ...], Field(min_length=1)]
    part: tuple[Part, ...] = ()
    signature: tuple[Signature, ...] = ()
    footnote: tuple[Footnote, ...] = ()
    register_head: Annotated[Register | None, Field(alias="register")] = None

    def parts(self) -> tuple[Part, ...]:
        """Return the parts in their order; the main part comes first when it is not declared."""
        if any(part.id == MAIN for part in self.part):
            return self.part
        return (Part(id=MAIN), *self.part)


@dataclass(frozen=True)
class Form:
    """An accepted definition.

    Attributes:
        definition: what the file says.
        source: the file's text with line feeds as line ends; kept with each print made from it.
        sha256: the hash of `source`, 64 hex digits.
        classes: the class of each item's answer by linkId; items for the pen are not in it.
    """

    definition: Definition
    source: str
    sha256: str
    classes: Mapping[str, DisclosureClass]

    @property
    def id(self) -> str:
        """The form's number, such as `F-50`."""
        return self.definition.form.id

    @property
    def title(self) -> str:
        """The form's Chinese title."""
        return self.definition.form.title

    @property
    def secrecy(self) -> Secrecy:
        """How secret the filled form is."""
        return self.definition.form.secrecy

    def register_fields(self) -> tuple[Item | Column, ...]:
        """Return what is asked for in a row of the register, in the order of the form; nothing for another form."""
        return fields_of(self.definition)


def fields_of(definition: Definition) -> tuple[Item | Column, ...]:
    """Return the fields of a register: the columns of its table, or the items that are answered by hand."""
    if definition.register_head is None:
        return ()
    if definition.register_head.rows is not None:
        return next((item.columns for item in definition.item if item.link_id == definition.register_head.rows), ())
    return tuple(item for item in definition.item if item.disclosure is not None)
