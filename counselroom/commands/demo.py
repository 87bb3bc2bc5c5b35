"""`counselroom demo`: a counsellor's whole day on an invented school in a real vault, each step with its check."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from counselroom.app import entropy, new_id
from counselroom.commands.answer import Answer
from counselroom.demo import care, counselling, office, papers, safety
from counselroom.demo.invented_school import invent_students, roster_file
from counselroom.demo.stage import DemoClock, Stage
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.recovery_sheet import render_recovery_sheet
from counselroom.rules.access import Role
from counselroom.rules.school import SchoolType
from counselroom.services.accounts import found_room
from counselroom.services.desk import Desk
from counselroom.services.school import SchoolProfile, set_school_profile
from counselroom.vault.creation import create_vault
from counselroom.vault.keys.passphrase import offer
from counselroom.vault.keys.slots import DEFAULT_LOGIN

_MARK = ".counselroom-demo"
_SCHOOL = "青禾市示例中学"

_STEPS: tuple[Callable[[Stage], str], ...] = (
    counselling.import_the_roster,
    counselling.book_an_appointment,
    counselling.take_the_consent,
    counselling.write_the_note,
    counselling.write_more_notes,
    papers.file_the_card,
    papers.issue_the_referral,
    papers.print_the_papers,
    office.keep_the_registers,
    care.plan_the_duty,
    care.fill_the_day,
    care.keep_the_tiers,
    care.lead_the_crises,
)
_SAFETY: tuple[Callable[[Stage], str], ...] = (
    safety.search_the_notes,
    safety.back_up,
    safety.flip_a_byte,
    safety.restore_with_a_sheet,
    safety.check_the_chain,
    safety.scan_for_leaks,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder, the size of the school and the seed."""
    parser.add_argument("out", metavar="OUT", type=Path, help=_("folder for everything the demonstration leaves"))
    parser.add_argument("--students", metavar="N", type=_school, default=120, help=_("students of the invented school"))
    parser.add_argument("--sessions", metavar="N", type=_count, default=90, help=_("further session notes"))
    parser.add_argument("--no-window", action="store_true", help=_("leave the window and its screenshots out"))
    parser.add_argument(
        "--few-screens", action="store_true", help=_("one screenshot of each page: light, and at the largest size")
    )
    parser.add_argument("--seed", metavar="S", type=int, default=1, help=_("the same seed invents the same school"))


def _school(text: str) -> int:
    return _between(100, text)  # fewer have not enough to show: visits, tiers and crisis cases of different students


def _count(text: str) -> int:
    return _between(2, text)


def _between(least: int, text: str) -> int:
    number = int(text)
    if not least <= number <= 200_000:
        raise argparse.ArgumentTypeError(_("between {least} and 200000").format(least=least))
    return number


def run(options: argparse.Namespace) -> Answer:
    """Play every step; the first that does not hold ends the demonstration."""
    out: Path = options.out.resolve()
    _make_room(out)
    school = invent_students(options.students, options.seed)
    stage = Stage(out, DemoClock(), school, options.sessions, options.seed, options.few_screens)
    (out / "roster.csv").write_bytes(roster_file(stage.students))
    lines: list[str] = []

    def tell(sentence: str) -> None:
        lines.append(sentence)
        if not options.json:
            print(f"✓ {sentence}", flush=True)

    tell(_open_the_vault(stage))
    try:
        for sentence in _play(stage, window=not options.no_window):
            tell(sentence)
    except UserError as error:
        return Answer(f"✗ {error.sentence()}", {"held": False, "steps": lines, "failed": error.sentence()}, held=False)
    finally:
        stage.desk.vault.close()
    text = _("All {count} steps held. Everything lies in {folder}.").format(count=len(lines), folder=options.out)
    return Answer(text, {"held": True, "steps": lines})


def _play(stage: Stage, *, window: bool) -> Iterator[str]:
    """Yield the line of each step that held."""
    for step in _STEPS:
        yield step(stage)
    if window:  # imported here: a demonstration without it needs no Qt
        from counselroom.demo.window.play import play_the_window

        yield from play_the_window(stage)
    for step in _SAFETY:
        yield step(stage)


def _make_room(out: Path) -> None:
    """Empty the folder of an earlier demonstration; a folder with anything else in it is refused."""
    if out.exists():
        if any(out.iterdir()) and not (out / _MARK).exists():
            raise UserError(
                _("This folder holds something that is not a demonstration."),
                _("It was left untouched."),
                _("Choose an empty folder."),
            )
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / _MARK).touch()


def _open_the_vault(stage: Stage) -> str:
    """Create the vault with its passphrase and two sheets, the first account and the school."""
    passphrase = offer(entropy)
    made = create_vault(
        stage.out / "vault",
        logins=((DEFAULT_LOGIN, passphrase),),
        entropy=entropy,
        now=stage.clock.now,
        new_id=new_id,
        anchors=stage.anchors,
    )
    (stage.out / "passphrase.txt").write_text(f"{passphrase}\n", encoding="utf-8")
    stage.ids |= {"passphrase": passphrase, "sheet_a": made.sheet_a, "sheet_b": made.sheet_b}
    desk = Desk(made.vault, stage.clock, new_id)
    roles = frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER, Role.CENTER_DIRECTOR})
    actor = found_room(desk, "林示例", made.vault.slot.slot_id, roles)
    set_school_profile(actor, desk, SchoolProfile(_SCHOOL, "QH", SchoolType.JUNIOR, "心理辅导室", "0000-0000000"))
    stage.sit_down(desk, actor)
    printed = stage.out / "printed"
    printed.mkdir()
    for which, digits in (("A", made.sheet_a), ("B", made.sheet_b)):
        pdf = render_recovery_sheet(
            which="A" if which == "A" else "B",
            digits=digits,
            vault_id=made.vault.vault_id,
            fingerprint=made.vault.root.fingerprint(),
            school=_SCHOOL,
            created_on=stage.clock.now().date(),
        )
        (printed / f"sheet-{which}.pdf").write_bytes(pdf)
    return _("Vault created, first account and school set up, recovery sheets A and B printed.")
