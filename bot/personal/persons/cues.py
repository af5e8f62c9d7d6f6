"""Words that stand around names of people, and words that look like names and are none."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _set("mr mrs ms mx dr prof sir madam miss")
# Also where nobody typed a capital; "miss" and "dr" are other words too.
SURE_TITLES = _set("mr mrs ms")
PARTICLES = _set("van von de der den da dos do del della di du la le bin ibn al el ni mac ben ter ten")
GREETINGS = _set("hi hello hey hiya dear morning afternoon evening hallo hola howdy")
CLOSINGS = _set(
    "thanks thx thanx cheers regards rgds best sincerely yours ta br kr greetings wishes respectfully faithfully"
)
PERSONAL_ROLES = _set(
    """
    customer caller client cust subscriber tenant cardholder holder colleague coworker manager supervisor boss lead
    agent technician tech engineer driver installer courier trainee starter owner approver reporter assistant advisor
    adviser clerk cashier associate rep representative contact requester requestor assignee user employee teammate
    mate director analyst trainer guard receptionist cleaner deputy buddy name named called assigned reported raised
    """
)
ASKED = _set(
    """
    ask asks asked asking tell tells told telling contact contacted contacting email emailed e-mailed message messaged
    text texted ping pinged ring rang phoned met meet thank remind reminded chase chased inform informed
    notify notified invite invited cc fao attn fyi help helped trained replaced bother pester
    """
)
# Less sure: also said of tools and teams.
REACHED = _set("call called calling give gave let see saw watched by with for behalf until per like via since beside")
SPOKE = _set("spoke speak spoken talked talk talking chatted chat met meeting sat")
SAID = _set(
    """
    said says say told tells asked asks wrote writes promised promises confirmed mentioned thinks knows agreed
    explained replied answered offered noticed suggested insisted reckons wants wrote phoned emailed texted forgot
    fixed showed taught approved
    """
)
# Only people are said to.
SAID_FOR_SURE = _set("told said asked wrote thinks promised knows mentioned reckons insisted suggested agreed")
# "was told", "was charged": done to people.
SUFFERED = _set(
    "told charged asked called given transferred billed promised sent refused offered double double-charged"
)
HUMAN = _set(
    """
    waited waits waiting needs needed lost left spent called came cannot can't couldn't could can tried typed has had
    was is does did didn't doesn't got gets went keeps works worked gave helped left moved refused complained leaves
    reports reported let sees saw and & will must still never hung walked should would met paid
    """
)
DETERMINERS = _set("the a an our your their this that these those every each any some no new old another which my its")
INSIDE = _set("in at on into inside onto via using use used through within between across near under over behind")
HANDLED = _set(
    """
    open opened opens opening restart restarted reboot install installed reinstall press pressed click clicked
    launch launched close closed log update upgrade run running start started use using used type typed rebuild
    restart load loads loading sync syncs called named select choose paste print
    """
)
# Behind a name they make it a thing: "Athena query", "Austin office".
THINGS = _set(
    """
    query queries page pages app apps tool tools screen screens report reports export exports import dashboard
    dashboards form forms project printer printers scanner scanners store stores shop shops depot depots office
    offices street road avenue lane branch branches team teams release theme card cards reader readers node nodes
    server servers script scripts build builds tier tiers plan plans system systems software module client clients
    portal site sites website update updates upgrade version screen button buttons menu menus label labels package
    alert alerts headset headsets handset mouse tablet tablets laptop phone phones modem modems router routers
    warehouse line queue queues time zone world parcels parcel invoices vans van charger plugs pens jars offers
    promotion vouchers voucher freezer auditors bank fees rates library folder folders file files format formats
    license licence login logins code codes screen test tests job jobs task tasks ticket tickets database api
    integration interface plugin add-on database feature features mode controls shift rota sheet sheets drive
    event events network campaign programme program package course policy policies guide guides rules agreement pay
    calls callers customers deliveries delivery island islands bridge station airport square park house hill county
    city branch region area district law refunds tickets amounts is-down search map maps view views pro plus
    """
)
# As its last word they make several words the name of a place or a day: "Martin Luther King Day", "Duncan Street".
ENDS_OF_PLACES = _set("day street road avenue bridge square station airport boulevard lane drive")
# What only software does.
MACHINE = _set(
    """
    crashes crashed freezes froze frozen syncs sync synced loads load loading hangs reboots rebooted times timed
    rejects rejected displays logs down slow offline online empty blank broken unavailable unreachable red grey gray
    shows returns blocks opens closes stock-outs runs restarts lags refreshes redirects
    """
)
# What is somebody's.
BELONGINGS = _set(
    """
    account accounts bill bills laptop badge screen login order box boxes refund name address email e-mail phone
    ticket spreadsheet desk shift rota desk monitor password rights access headset notes password customer customers
    team voicemail calendar inbox mailbox contract appointment invoice payment complaint case modem router credit
    machine computer chair keys key colleague boss manager wife husband son daughter mother father mum mom dad
    """
)
TEAMS = _set(
    """
    billing returns retention retentions dispatch it hr finance legal care support sales accounting accounts payroll
    facilities logistics reception stores store shop shops warehouse depot training tech helpdesk desk counter
    marketing operations ops purchasing procurement security compliance network networks field collections fraud
    provisioning installation installations repairs repair maintenance night day late early chat phone front back
    service services wholesale retail office head headquarters hq branch team next upstairs downstairs floor the our
    """
)
LABELS = _set(
    """
    from to name cc bcc reporter reported manager owner approver assignee requester customer contact attn fao
    attendees present shift today team sender author signed lead supervisor caller user agent engineer by today
    """
)
# Names that products, tools and companies bear far more often, in what people at work write, than people do.
THINGS_NAMED_SO = _set(
    """
    orion mercury athena apollo hermes titan atlas juno merlin luna nova stella phoenix jasper jenkins ruby alexa siri
    cassandra delphi sage django jira chase oracle pandora siebel ariba concur edge safari java python perl julia
    swift scala rust maven gradle kafka grafana docker salesforce zendesk workday slack teams trello asana notion
    amber opal diamond pearl jade sapphire crystal zeus hera ares artemis minerva vulcan neptune saturn jupiter venus
    mars pluto aurora eclipse gemini leo aria echo cortana bixby watson einstein tesla ford stanley mason
    lincoln chevrolet dell lenovo cisco jabra zebra canon brother samsung vodafone barclays lloyds santander wells
    fargo visa amex marks spencer ernst young hilton marriott wendy denny harvey nichols selfridges lewis sainsbury
    morrison morrisons tesco aldi sears macy nordstrom walgreens johnson johnsons procter gamble disney warner
    paramount netflix spotify virgin sky kelloggs mcdonald mcdonalds cadbury boots gillette dyson bosch siemens philips
    kelvin celsius murphy pareto gantt newton pascal tesla ada eliza sophia clippy bard lotus domino magento joomla
    odin thor loki freya sentinel ranger falcon griffin drake raven sierra dakota savannah montana avalon
    camelot excalibur gandalf frodo neo trinity morpheus hal jarvis friday monday wednesday solomon samson goliath
    maximo infor epic cerner allscripts kronos ultimate paycom gusto monet picasso leonardo galileo kepler darwin
    """
)
# What names of places begin with: "Port Talbot", "San Jose".
BEGIN_PLACES = _set("port fort mount lake san santa saint st los las new north south east west great upper lower cape")
COMPANIES = frozenset({
    "morgan stanley", "wells fargo", "ernst young", "charles schwab", "harvey nichols", "johnson johnson",
    "marks spencer", "ben jerry's", "jack daniel's", "mary kay", "ralph lauren", "calvin klein", "edward jones",
    "john deere", "john lewis", "paul smith", "martha stewart", "western union", "booz allen", "merrill lynch",
    "raymond james", "stanley black", "smith wesson", "jack wills", "ted baker", "hugo boss", "tommy hilfiger",
    "best buy", "red hat", "ruby tuesday", "general dynamics",
})  # fmt: skip
# Counties and quarters, which the list of towns does not have.
PLACES = _set(
    """
    devon kent cornwall essex surrey norfolk suffolk somerset dorset sussex rutland chelsea brixton camden soho
    kensington clapham hackney harlem tottenham wembley fulham chelsea bristol dover victoria windsor
    """
)
# Capitalized in what people write at work, and nobody's name.
NEVER = _set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march july august september october
    november december spring autumn winter christmas easter english spanish french german italian portuguese dutch
    polish turkish russian chinese japanese korean arabic hindi indian irish scottish welsh british american european
    hi hello hey dear thanks thank regards cheers best sincerely yours team teams everyone everybody all folks support
    helpdesk service services desk care customer customers colleagues colleague sir madam billing returns dispatch
    facilities finance legal compliance logistics marketing sales training retention operations network security
    i i'm i've i'll i'd im it it's its he he's she she's we we're we've you you're you've they they're this that these
    those there there's here what when where who why how which while if because since before after then than so but and
    or not no yes ok okay please sorry the a an my our your his her their its as at by for from in into of off on onto
    out over to up with without about again also always never often still already just only even ever every each both
    some any many much more most less few other another same such is are was were be been being am do does did done
    has have had can cannot can't could couldn't don't doesn't didn't won't wouldn't shouldn't isn't aren't wasn't
    should would shall may might must need needs get gets got yesterday today tomorrow tonight now later soon sometimes
    mostly nobody somebody anybody someone anyone nothing something anything everything honestly suddenly
    unfortunately fortunately
    subject re fw fwd ps nb faq pdf vpn dns sso pin till error issue problem help info hq it hr pos crm ui api url id
    app wi-fi wifi e-mail email bluetooth internet web online login logout log sign save print open close press click
    enter next finish confirm continue cancel back undo delete edit copy paste send reply forward per via etc
    mr mrs ms miss dr prof sent assigned reported escalated approved signed raised asked told spoke talked ask tell
    google microsoft amazon apple facebook twitter linkedin youtube america oh ah wow
    between neither nor either till until although though unless whereas hence thus therefore however well instead
    """
)
