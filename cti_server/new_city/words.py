"""Words of the set-up of a new city."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.intake.imports import RegisterKind
from hotline.new_city.setup import SetupStep

STEPS: Mapping[SetupStep, str] = {
    SetupStep.CITY: N_("Name of the city"),
    SetupStep.NUMBER: N_("Number and line"),
    SetupStep.STREETS: N_("Streets and houses"),
    SetupStep.ENTERPRISES: N_("Enterprises"),
    SetupStep.HOLIDAYS: N_("Holidays"),
    SetupStep.RULES: N_("Terms and emergencies"),
    SetupStep.PEOPLE: N_("First users"),
    SetupStep.VOICE: N_("Voice"),
    SetupStep.TRIAL: N_("The first call"),
}
ABOUT: Mapping[SetupStep, str] = {
    SetupStep.CITY: N_("How the hotline introduces itself, aloud and in letters."),
    SetupStep.NUMBER: N_("Which number residents call, and over whose line."),
    SetupStep.STREETS: N_("From a file, or typed: addresses are found by them."),
    SetupStep.ENTERPRISES: N_("From a file, or typed: who does the work."),
    SetupStep.HOLIDAYS: N_("The list of Ukraine: terms are counted by it."),
    SetupStep.RULES: N_("How soon work is to be done, and who gets emergencies at once."),
    SetupStep.PEOPLE: N_("The head of the centre, and dispatchers with their telephones."),
    SetupStep.VOICE: N_("Phrases with the city's name are spoken; you can listen to the greeting."),
    SetupStep.TRIAL: N_("The number is called, and you see what was heard."),
}
REGISTERS: Mapping[SetupStep, RegisterKind] = {
    SetupStep.STREETS: RegisterKind.ADDRESSES,
    SetupStep.ENTERPRISES: RegisterKind.EXECUTORS,
}
"""Steps that fill a register from a file or from typed lines."""
TYPED_COLUMNS: Mapping[SetupStep, tuple[str, ...]] = {
    SetupStep.STREETS: ("Вулиця або квартал", "Будинок"),
    SetupStep.ENTERPRISES: ("Назва", "Контактна особа", "Телефон"),
}
"""The headings under which typed lines go the road of a file."""
