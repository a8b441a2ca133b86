"""Texts of `hotline doctor`, in Ukrainian and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.appeals.rule_flaws import EmergencyGap
from hotline.line.invariant_words import SENTENCES_UK
from hotline.line.invariants import SENTENCES, Truth
from service.terminal_language import in_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language; braces name the values filled in."""

    truths: Mapping[Truth, str]
    room: str
    make_room: str
    keys: str
    bring_keys: str
    store: str
    equipment: str
    own_name: str
    write_it_down: str
    edge_reaches: str
    """Of a Kamailio that systemd runs as a user of its own; nobody else is told."""
    name_another: str
    database_log: str
    """Of an SQLite database alone."""
    work_off: str
    waiting: str
    serves: str
    serves_node: str
    start: str
    attended: str
    gaps: Mapping[EmergencyGap, str]
    """Why an emergency may find nobody, and what to do."""
    city_data: str
    mend_city_data: str
    heals: str
    heeds: Mapping[Truth, str]
    """Advice on broken invariants that the service cannot heal by itself."""
    aged: str
    """Of tables whose vacuum is near, for which the next `hotline migrate` would wait: advice, no fault."""
    well: str
    unwell: str

    def advice(self, truth: Truth) -> str:
        return self.heeds.get(truth, self.heals)


UKRAINIAN = Words(
    truths=SENTENCES_UK,
    room="на диску є місце для записів розмов",
    make_room="Звільніть місце в теці стану (`var/`): дзвінки приймаються, але записи можуть урватися.",
    keys="ключі від зашифрованих записів на місці",
    bring_keys="Немає ключів {keys}, ними зашифровано файлів: {files}. Поверніть файл ключів із копії. "
    "Нічого не втрачено, але прослухати ці записи поки що неможливо.",
    store="сховище записів (S3), якщо його задано, відповідає",
    equipment="усе на табло обладнання працює",
    own_name="цей сервер знає своє ім’я без DNS",
    write_it_down="Додайте до `/etc/hosts` рядок `127.0.1.1 {name}`: поки його немає, кожен дзвінок із "
    "браузера питає це ім’я в DNS, а якщо DNS не відповідає, то людина чекає в тиші.",
    edge_reaches="Kamailio (hotline-part-edge) має доступ до всіх адрес, названих у налаштуваннях",
    name_another="{names}: там названо 127.0.0.1, а цій службі systemd закрито loopback. Укажіть адресу "
    "цього сервера в мережі; PostgreSQL має її слухати (`listen_addresses`) і пускати з неї (`pg_hba.conf`).",
    database_log="журнал бази SQLite (файл `…-wal`) вчасно переноситься до файлу бази",
    work_off="Він виріс до {megabytes} МБ. Закрийте програми, які довго читають файл бази (sqlite3, "
    "копіювання), і звільніть місце на диску. Якщо за кілька хвилин він не зменшиться, перезапустіть "
    "службу: розмови тривають далі.",
    waiting="Чекає записів: {files}, найдавніший із {since:%d.%m.%Y %H:%M}; дзвінки приймаються як завжди.",
    serves="служба чує події Asterisk",
    serves_node="служба чує події Asterisk на вузлі {node}",
    attended="коли заявник повідомляє про аварію, а диспетчера немає, о кожній годині є кому дзвонити",
    gaps={
        EmergencyGap.NO_RULE: "Жодне правило на все місто не бере категорію аварій: додайте його на /rules.",
        EmergencyGap.NO_HOURS: "Правила для категорії аварій пропускають якісь години: дивіться /rules.",
        EmergencyGap.NO_NUMBER: "Підприємство, якому передають аварії, не має чергового з номером телефону: "
        "внесіть його на /enterprises.",
    },
    city_data="діючі документи міста (класифікатор, діловодство тощо) читаються без помилок",
    mend_city_data="Діє попередня версія. Внесіть виправлену: `hotline city-data show`, далі `put`.",
    start="Служба не працює або ще не з’єдналася: запустіть ./start чи `hotline up` і погляньте знову.",
    heals="Служба виправляє це сама за кілька секунд: погляньте знову. Якщо лишається, перезапустіть службу "
    "(розмови тривають далі) і збережіть рядки `defect` з журналу.",
    heeds={
        Truth.ONE_ENTRY: "Диспетчерові слід завершити обидва дзвінки; якщо лишається, перезапустіть службу.",
        Truth.CALL_ENDS: "Перевірте, чи пише Asterisk свій журнал CEL (диск, права) і чи служба його читає.",
        Truth.TALK_IS_RECORDED: "Перевірте вільне місце на диску і права на теку записів.",
    },
    aged="Невдовзі PostgreSQL очищатиме таблиці {tables} (autovacuum to prevent wraparound). Дзвінкам це не "
    "заважає, але оновлення (`hotline migrate`) чекало б, доки це закінчиться: перед ним виконайте "
    "тихої години `VACUUM (FREEZE) {tables}`.",
    well="Усе гаразд.",
    unwell="Порушено: {broken} із {of}.",
)

ENGLISH = Words(
    truths=SENTENCES,
    room="the disk has room for recordings of talks",
    make_room="Make room where the state lies (`var/`): calls are answered, but recordings may break off.",
    keys="the keys of encrypted recordings are there",
    bring_keys="Keys {keys} are missing, {files} files are encrypted with them. Bring the file of keys back "
    "from its copy. Nothing is lost, but these recordings cannot be listened to until then.",
    store="the store of recordings (S3), if one is set, answers",
    equipment="all on the board of equipment works",
    own_name="this server knows its own name without a DNS",
    write_it_down="Add the line `127.0.1.1 {name}` to `/etc/hosts`: without it each call of a browser "
    "asks a DNS for the name, and where that does not answer people wait in silence.",
    edge_reaches="Kamailio (hotline-part-edge) reaches all addresses that its settings name",
    name_another="{names}: there 127.0.0.1 is named, and loopback is closed to that unit. Name this "
    "server's address in the network; PostgreSQL has to listen on it (`listen_addresses`) and let it in "
    "(`pg_hba.conf`).",
    database_log="SQLite's log (the file `…-wal`) is worked off into the database in time",
    work_off="It has grown to {megabytes} MB. Close programs that read the database's file for long "
    "(sqlite3, a copy), and make room on the disk. If it does not shrink within minutes, restart the "
    "service: talks go on.",
    waiting="{files} recordings wait here, the oldest since {since:%d.%m.%Y %H:%M}; calls go on as ever.",
    serves="the service hears Asterisk's events",
    serves_node="the service hears the events of Asterisk on node {node}",
    attended="at every hour somebody is rung for an emergency when no dispatcher is there",
    gaps={
        EmergencyGap.NO_RULE: "No rule for the whole city takes the category of emergencies: see /rules.",
        EmergencyGap.NO_HOURS: "The rules for the category of emergencies leave out some hours: see /rules.",
        EmergencyGap.NO_NUMBER: "The enterprise that gets emergencies has no duty contact with a telephone "
        "number: enter one on /enterprises.",
    },
    city_data="the city's documents in force (classifier, paperwork and so on) are read without a fault",
    mend_city_data="The version before holds. Put a corrected one: `hotline city-data show`, then `put`.",
    start="The service does not run, or is not connected yet: start it (./start, `hotline up`), look again.",
    heals="The service mends this by itself within seconds: look again. If it stays, restart the service "
    "(talks go on) and keep the lines `defect` of its log.",
    heeds={
        Truth.ONE_ENTRY: "Have the dispatcher end both calls; if it stays, restart the service.",
        Truth.CALL_ENDS: "See whether Asterisk writes its CEL file (disk, rights), and the service reads it.",
        Truth.TALK_IS_RECORDED: "See whether the disk is full, and who may write where recordings are kept.",
    },
    aged="PostgreSQL will soon vacuum {tables} to prevent wraparound. Calls go on beside it, but an upgrade "
    "(`hotline migrate`) would wait for its end: run `VACUUM (FREEZE) {tables}` in a quiet hour before it.",
    well="All is well.",
    unwell="Broken: {broken} of {of}.",
)


def words_for(locale: str) -> Words:
    return in_locale(locale, ukrainian=UKRAINIAN, english=ENGLISH)
