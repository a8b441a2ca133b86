"""Everything that is kept, opened by one URL: what `service` hands out to the others."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.city.city_rules import CityRules
from hotline.city_data.kinds import kept
from hotline.clock import Clock, SystemClock
from storage.access.acting_heads import StoredActingHeads
from storage.access.audit import StoredAuditLog
from storage.access.keyed_requests import StoredKeyedRequests
from storage.access.saved_views import StoredViews
from storage.access.sign_in import StoredSessions, StoredSignInAttempts
from storage.access.tokens import StoredTokens
from storage.access.users import StoredUsers
from storage.appeals.attachments import StoredAppealFiles
from storage.appeals.change_log import StoredChangeLog
from storage.appeals.changes import AppealWriter
from storage.appeals.control import StoredControl
from storage.appeals.executor_work import StoredExecutorWork
from storage.appeals.figures import StoredAppealFigures
from storage.appeals.handling import StoredHandling
from storage.appeals.lists import StoredAppealLists
from storage.appeals.proposals import StoredProposals
from storage.appeals.register import StoredAppeals
from storage.appeals.registry import StoredRegistry
from storage.appeals.reindexing import Reindexing
from storage.appeals.routing import StoredRules
from storage.appeals.texts import AppealTexts
from storage.appeals.watching import StoredWatch
from storage.calls.cel_cursor import CelCursor
from storage.calls.chain import StoredChain
from storage.calls.history import StoredHistory
from storage.calls.journal import open_journal
from storage.calls.log import StoredCallLog
from storage.calls.recordings import StoredRecordings
from storage.calls.web_call_closings import StoredWebCallClosings
from storage.cameras.incidents import StoredIncidents
from storage.cameras.register import StoredCameras
from storage.cameras.watch_log import StoredWatchLog
from storage.chats.chats import StoredChats
from storage.city.known_places import StoredKnownPlaces
from storage.city.lemmas import UkrainianLemmas
from storage.city.maps import StoredCityMaps
from storage.city.streets import StoredStreets
from storage.city_data.documents import StoredDocuments
from storage.core.database import Database, open_database
from storage.core.schema import require_present_schema
from storage.delivery.outbox import StoredOutbox
from storage.delivery.receipts import StoredReceipts
from storage.desk.callers import StoredCallers
from storage.desk.drafts import StoredDrafts
from storage.desk.forms import StoredForms
from storage.desk.search import StoredSearch
from storage.dialling.campaigns import StoredCampaigns
from storage.dialling.jobs import StoredCallJobs
from storage.enterprises.executors import StoredExecutors
from storage.enterprises.open311 import StoredOpen311Endpoints
from storage.equipment.register import StoredEquipment
from storage.informing.city_messages import StoredCityMessages
from storage.informing.orders import StoredInformingOrders
from storage.informing.preparing import InformingPreparing
from storage.informing.standing import StoredStandingOrders
from storage.inquiries.inquiries import StoredInquiries
from storage.intake.registers import Registers
from storage.knowledge.articles import StoredArticles
from storage.knowledge.missing import StoredMissingAnswers
from storage.knowledge.uses import StoredArticleUses
from storage.line.adoption import StoredAdoptions
from storage.line.callbacks import StoredCallbacks
from storage.line.closed_days import StoredClosedDays, StoredUnsettledCalls
from storage.line.dispatchers import StoredDispatchers
from storage.line.kept_places import StoredKeptPlaces
from storage.line.line import StoredLine
from storage.line.presence_changes import StoredPresenceChanges
from storage.line.progressive import StoredProgressiveDesks
from storage.line.records import StoredRecords
from storage.line.report import StoredLineReport
from storage.line.scheduled_callbacks import StoredScheduledCallbacks
from storage.line.today import StoredLineToday
from storage.meetings.meetings import StoredMeetings
from storage.meetings.minutes import StoredMinutes
from storage.memos.memos import StoredMemos
from storage.neighbours.agreements import StoredAgreements
from storage.neighbours.taken import StoredTakenAppeals
from storage.new_city.setup import StoredCitySetup
from storage.office.acts import StoredOfficeActs
from storage.office.journals import StoredJournals
from storage.office.plans import StoredFilePlans
from storage.outages.alerts import StoredOutageAlerts
from storage.outages.answers import StoredOutageAnswers
from storage.outages.change_log import StoredOutageLog
from storage.outages.register import StoredOutages
from storage.outages.reports import StoredOutageReports
from storage.outages.subscriptions import StoredOutageSubscriptions
from storage.outages.telling import StoredOutageTelling
from storage.outages.watchers import StoredOutageWatch
from storage.people.citizen_cards import StoredCitizenCards
from storage.people.citizens import StoredCitizens
from storage.people.do_not_call import StoredDoNotCall
from storage.portal.accounts import StoredResidentAccounts
from storage.portal.chat_photos import StoredChatPhotos
from storage.portal.closings import StoredClosingDigests
from storage.portal.matters import StoredPublicMatters
from storage.portal.public_texts import StoredPublicTexts
from storage.portal.reports import StoredResidentReports
from storage.power.accounts import StoredAccounts
from storage.power.schedules import StoredPower
from storage.power.subscribers import StoredPowerSubscribers
from storage.quality.assessments import StoredAssessments
from storage.quality.queue import StoredQualityQueue
from storage.quality.talks import StoredTalks
from storage.quality.training import StoredTrainings
from storage.quality.trial_calls import StoredTrialCalls
from storage.reports.figures import StoredFigures
from storage.reports.papers import StoredPapers
from storage.reports.schedules import StoredSchedules
from storage.retention.holds import StoredHolds
from storage.retention.person import StoredPersonData
from storage.retention.sweep import StoredRetention
from storage.shifts.feeds import StoredRosterFeeds
from storage.shifts.handovers import StoredHandovers
from storage.shifts.presence import StoredPresenceLog
from storage.shifts.roster import StoredRoster
from storage.shifts.senior import StoredInTurn
from storage.shifts.swaps import StoredSwaps
from storage.shifts.wishes import StoredWishes
from storage.specialists.involvements import StoredInvolvements
from storage.speech.transcripts import StoredTranscripts
from storage.statements.statements import StoredStatements
from storage.supervision.help import StoredHelpRequests
from storage.supervision.live_calls import StoredLiveCalls
from storage.supervision.orders import StoredListeningOrders
from storage.supervision.slower_places import StoredSlowerPlaces
from storage.supervision.threats import StoredThreats
from storage.surveys.completion import StoredSurveys
from storage.surveys.forms import StoredSurveyForms
from storage.surveys.in_writing import StoredSurveysInWriting
from storage.surveys.results import StoredSurveyResults
from storage.tasks.directives import StoredDirectives
from storage.tasks.record_files import StoredRecordFiles
from storage.tasks.tasks import StoredTasks
from storage.voice.voice_recordings import StoredVoiceRecordings
from storage.webhooks.webhooks import StoredWebhooks

SLAVUTYCH = CityRules(timezone=ZoneInfo("Europe/Kyiv"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """The repositories, all on one database."""

    database: Database
    calls: StoredCallLog
    recordings: StoredRecordings
    recording_chain: StoredChain
    line: StoredLine
    kept_places: StoredKeptPlaces
    adoptions: StoredAdoptions
    informing: StoredInformingOrders
    informing_preparing: InformingPreparing
    standing_orders: StoredStandingOrders
    dispatchers: StoredDispatchers
    outages: StoredOutages
    outage_watch: StoredOutageWatch
    outage_subscriptions: StoredOutageSubscriptions
    outage_telling: StoredOutageTelling
    outage_answers: StoredOutageAnswers
    outage_reports: StoredOutageReports
    outage_alerts: StoredOutageAlerts
    appeals: StoredAppeals
    citizens: StoredCitizens
    cel: CelCursor
    users: StoredUsers
    acting_heads: StoredActingHeads
    sessions: StoredSessions
    sign_in_attempts: StoredSignInAttempts
    audit: StoredAuditLog
    callers: StoredCallers
    drafts: StoredDrafts
    forms: StoredForms
    registry: StoredRegistry
    search: StoredSearch
    reindexing: Reindexing
    lemmas: UkrainianLemmas
    proposals: StoredProposals
    streets: StoredStreets
    known_places: StoredKnownPlaces
    history: StoredHistory
    executors: StoredExecutors
    open311_endpoints: StoredOpen311Endpoints
    rules: StoredRules
    handling: StoredHandling
    watch: StoredWatch
    executor_work: StoredExecutorWork
    outbox: StoredOutbox
    receipts: StoredReceipts
    transcripts: StoredTranscripts
    roster: StoredRoster
    roster_feeds: StoredRosterFeeds
    in_turn: StoredInTurn
    meetings: StoredMeetings
    minutes: StoredMinutes
    memos: StoredMemos
    handovers: StoredHandovers
    tasks: StoredTasks
    directives: StoredDirectives
    record_files: StoredRecordFiles
    presence_log: StoredPresenceLog
    wishes: StoredWishes
    swaps: StoredSwaps
    call_jobs: StoredCallJobs
    do_not_call: StoredDoNotCall
    campaigns: StoredCampaigns
    files: StoredAppealFiles
    control: StoredControl
    callbacks: StoredCallbacks
    scheduled_callbacks: StoredScheduledCallbacks
    progressive: StoredProgressiveDesks
    tokens: StoredTokens
    keyed_requests: StoredKeyedRequests
    appeal_lists: StoredAppealLists
    change_log: StoredChangeLog
    outage_log: StoredOutageLog
    presence_changes: StoredPresenceChanges
    webhooks: StoredWebhooks
    agreements: StoredAgreements
    taken_appeals: StoredTakenAppeals
    views: StoredViews
    citizen_cards: StoredCitizenCards
    city_documents: StoredDocuments
    city_setup: StoredCitySetup
    city_messages: StoredCityMessages
    voice_recordings: StoredVoiceRecordings
    registers: Registers
    retention: StoredRetention
    holds: StoredHolds
    person_data: StoredPersonData
    surveys: StoredSurveys
    survey_forms: StoredSurveyForms
    surveys_in_writing: StoredSurveysInWriting
    survey_results: StoredSurveyResults
    records: StoredRecords
    line_report: StoredLineReport
    closed_days: StoredClosedDays
    unsettled_calls: StoredUnsettledCalls
    line_today: StoredLineToday
    city_maps: StoredCityMaps
    appeal_figures: StoredAppealFigures
    figures: StoredFigures
    papers: StoredPapers
    schedules: StoredSchedules
    talks: StoredTalks
    quality_queue: StoredQualityQueue
    assessments: StoredAssessments
    trainings: StoredTrainings
    trial_calls: StoredTrialCalls
    articles: StoredArticles
    power: StoredPower
    power_subscribers: StoredPowerSubscribers
    power_accounts: StoredAccounts
    missing_answers: StoredMissingAnswers
    article_uses: StoredArticleUses
    live_calls: StoredLiveCalls
    listening_orders: StoredListeningOrders
    help_requests: StoredHelpRequests
    threats: StoredThreats
    slower_places: StoredSlowerPlaces
    statements: StoredStatements
    chats: StoredChats
    chat_photos: StoredChatPhotos
    web_call_closings: StoredWebCallClosings
    equipment: StoredEquipment
    inquiries: StoredInquiries
    involvements: StoredInvolvements
    file_plans: StoredFilePlans
    office_acts: StoredOfficeActs
    journals: StoredJournals
    cameras: StoredCameras
    watch_log: StoredWatchLog
    incidents: StoredIncidents
    public_matters: StoredPublicMatters
    closing_digests: StoredClosingDigests
    public_texts: StoredPublicTexts
    resident_reports: StoredResidentReports
    resident_accounts: StoredResidentAccounts


@asynccontextmanager
async def open_storage(
    url: str,
    clock: Clock | None = None,
    city: CityRules = SLAVUTYCH,
    spill: Path | None = None,
    node: str = "",
    *,
    pool_url: str = "",
    on: Database | None = None,
) -> AsyncIterator[Storage]:
    """Open a database that `storage.migrations.migrate` has prepared; at the end all is written out.

    `node`: the Asterisk of this process, where there are several (`hotline.dialling.nodes`).
    `pool_url`: the same database by pgbouncer. `on`: that database where it is open already; it stays so.
    `spill` is the service's own file for what its calls write while the database is away. The city's own
    documents hold in this process for as long. Raises OtherSchema for a database that was not prepared.
    """
    lemmas = UkrainianLemmas()
    async with AsyncExitStack() as opened:
        database = on if on is not None else await opened.enter_async_context(open_database(url, pool_url))
        await require_present_schema(database)
        journal = await opened.enter_async_context(open_journal(database, file=spill))
        texts = AppealTexts(database, lemmas)
        lists = StoredAppealLists(database, texts)
        transcripts = StoredTranscripts(database, lemmas)
        writer = AppealWriter(city)
        documents = StoredDocuments(database, clock or SystemClock(), writer)
        opened.enter_context(kept())
        await documents.load()
        streets = StoredStreets(database)
        outages = StoredOutages(database, clock or SystemClock())
        chain = StoredChain(database)
        tasks = StoredTasks(database, lemmas)
        yield Storage(
            database=database,
            calls=StoredCallLog(database, journal),
            recordings=StoredRecordings(database, chain),
            recording_chain=chain,
            line=StoredLine(database, node),
            kept_places=StoredKeptPlaces(database),
            adoptions=StoredAdoptions(database, node),
            informing=StoredInformingOrders(database, streets, StoredExecutors(database)),
            informing_preparing=InformingPreparing(database, streets, StoredExecutors(database)),
            standing_orders=StoredStandingOrders(database),
            dispatchers=StoredDispatchers(database, clock or SystemClock()),
            outages=outages,
            outage_watch=StoredOutageWatch(database),
            outage_subscriptions=StoredOutageSubscriptions(database),
            outage_telling=StoredOutageTelling(database),
            outage_answers=StoredOutageAnswers(database),
            outage_reports=StoredOutageReports(database),
            outage_alerts=StoredOutageAlerts(database, outages),
            appeals=StoredAppeals(database, texts, city),
            citizens=StoredCitizens(database),
            cel=CelCursor(database),
            users=StoredUsers(database),
            acting_heads=StoredActingHeads(database),
            sessions=StoredSessions(database),
            sign_in_attempts=StoredSignInAttempts(database),
            audit=StoredAuditLog(database),
            callers=StoredCallers(database),
            drafts=StoredDrafts(database),
            forms=StoredForms(database),
            registry=StoredRegistry(database, texts, writer),
            search=StoredSearch(database, texts, transcripts, tasks),
            reindexing=Reindexing(database, texts),
            lemmas=lemmas,
            proposals=StoredProposals(database, lemmas),
            streets=streets,
            known_places=StoredKnownPlaces(database, streets),
            history=StoredHistory(database, transcripts),
            executors=StoredExecutors(database),
            open311_endpoints=StoredOpen311Endpoints(database),
            rules=StoredRules(database, writer),
            handling=StoredHandling(database, writer, texts),
            watch=StoredWatch(database),
            executor_work=StoredExecutorWork(database, texts, lists),
            outbox=StoredOutbox(database),
            receipts=StoredReceipts(database),
            transcripts=transcripts,
            call_jobs=StoredCallJobs(database, node),
            do_not_call=StoredDoNotCall(database),
            campaigns=StoredCampaigns(database),
            files=StoredAppealFiles(database),
            control=StoredControl(database),
            callbacks=StoredCallbacks(database),
            scheduled_callbacks=StoredScheduledCallbacks(database),
            progressive=StoredProgressiveDesks(database),
            tokens=StoredTokens(database),
            keyed_requests=StoredKeyedRequests(database),
            appeal_lists=lists,
            change_log=StoredChangeLog(database),
            outage_log=StoredOutageLog(database),
            presence_changes=StoredPresenceChanges(database),
            webhooks=StoredWebhooks(database),
            agreements=StoredAgreements(database),
            taken_appeals=StoredTakenAppeals(database),
            views=StoredViews(database),
            citizen_cards=StoredCitizenCards(database),
            city_documents=documents,
            city_setup=StoredCitySetup(database),
            city_messages=StoredCityMessages(database, clock or SystemClock()),
            voice_recordings=StoredVoiceRecordings(database, clock or SystemClock()),
            registers=Registers(database, texts, city, clock or SystemClock()),
            retention=StoredRetention(database),
            holds=StoredHolds(database),
            person_data=StoredPersonData(database),
            surveys=StoredSurveys(database),
            survey_forms=StoredSurveyForms(database, clock or SystemClock()),
            survey_results=StoredSurveyResults(database),
            surveys_in_writing=StoredSurveysInWriting(database),
            records=StoredRecords(database),
            line_report=StoredLineReport(database),
            closed_days=StoredClosedDays(database),
            unsettled_calls=StoredUnsettledCalls(database),
            line_today=StoredLineToday(database),
            city_maps=StoredCityMaps(database),
            appeal_figures=StoredAppealFigures(database),
            figures=StoredFigures(database),
            papers=StoredPapers(database),
            schedules=StoredSchedules(database),
            talks=StoredTalks(database),
            quality_queue=StoredQualityQueue(database, StoredTalks(database)),
            assessments=StoredAssessments(database),
            live_calls=StoredLiveCalls(database),
            listening_orders=StoredListeningOrders(database),
            help_requests=StoredHelpRequests(database),
            threats=StoredThreats(database),
            slower_places=StoredSlowerPlaces(database),
            equipment=StoredEquipment(database),
            cameras=StoredCameras(database),
            watch_log=StoredWatchLog(database),
            incidents=StoredIncidents(database),
            public_matters=StoredPublicMatters(database),
            closing_digests=StoredClosingDigests(database),
            public_texts=StoredPublicTexts(database),
            resident_reports=StoredResidentReports(database),
            resident_accounts=StoredResidentAccounts(database),
            trainings=StoredTrainings(database),
            trial_calls=StoredTrialCalls(database),
            statements=StoredStatements(database),
            chats=StoredChats(database),
            chat_photos=StoredChatPhotos(database),
            web_call_closings=StoredWebCallClosings(database),
            inquiries=StoredInquiries(database, city),
            involvements=StoredInvolvements(database, city, writer),
            file_plans=StoredFilePlans(database),
            office_acts=StoredOfficeActs(database, city.timezone),
            journals=StoredJournals(database),
            articles=StoredArticles(database, lemmas),
            power=StoredPower(database, clock or SystemClock()),
            power_subscribers=StoredPowerSubscribers(database),
            power_accounts=StoredAccounts(database),
            missing_answers=StoredMissingAnswers(database),
            article_uses=StoredArticleUses(database),
            roster=StoredRoster(database),
            roster_feeds=StoredRosterFeeds(database),
            in_turn=StoredInTurn(database, city.timezone),
            meetings=StoredMeetings(database, lemmas),
            minutes=StoredMinutes(database, tasks),
            memos=StoredMemos(database, tasks),
            handovers=StoredHandovers(database),
            tasks=tasks,
            directives=StoredDirectives(database),
            record_files=StoredRecordFiles(database),
            presence_log=StoredPresenceLog(database),
            wishes=StoredWishes(database),
            swaps=StoredSwaps(database),
        )
