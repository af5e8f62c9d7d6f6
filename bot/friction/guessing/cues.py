"""Words that tell the kind of a report, whatever it is about."""

import re
from collections.abc import Mapping

from bot.friction.kinds import Kind

_CUES: dict[Kind, str] = {
    Kind.DUPLICATE_ENTRY: r"""
        \b(both|two|2|second)\s(systems?|tools?|programs?|screens?|places|apps?)\b
        | \btwice\b(?!\s(a|an|this|per|in|as|every)\b) | \bre-?\s?(typ|key|enter)\w*
        | \b(double|dual|duplicate)\s?-?(entry|typing|keying|work|data) | \bonce\s(more\s)?in\b.{0,120}\b(once|again)\b
        | \b(enter|entered|type|typed|key|keyed|put|scan|fill|copy|copied|copying|register)\b.{0,120}\b(again
        |second\stime|all\sover)
        | \bcopy(ing)?\b.{0,120}\b(into|from|over|out\sof)\b | \bsame\s(number|data|info\w*|details|fields?|thing)\b
        | \b(enter|key|type|log|record|update|remove|add|put|scan|register|book)(s|ed
        |ing)?\b.{3,60}\b(and\s(then|also|again)|as\swell\sas|then\sagain|once\sfor\seach)\b
        | \bredundant\b | \bcopy[\s-]?(and[\s-])?paste\b
        | \b(two|three|four)\sdifferent\s(systems?|tools?|programs?|screens?|places|apps?)\b
    """,
    Kind.SLOW: r"""
        \bslow\w*\b | \bsloo+w\b | \blag(s|gy|ging)?\b | \bcrawl\w*\b | \bspin(s|ning|ner)\b | \bforever\b
        | \bages\b | \bsluggish\b
        | \btakes?\s(about\s|up\sto\s|over\s|like\s)?(\d|a\s(min|whole)|half|ages|long|so\slong|too\slong)
        | \bload(s|ing)?\s(time|like) | \btimes?\sout\b
        | \b(seconds?|secs?|minutes?|mins?)\sto\s(load|open|find|search|come\sup|respond|start|show)\b
        | \bhourglass\b | \bstill\sloading\b
        | \bwait(ing|s)?\s(for|on)\s(it|the\s(page|screen|search|system|results?))\b
        | \b(drags?|unresponsive|snail)\b | \bso+\slong\b
    """,
    Kind.OUTAGE: r"""
        \b(is|are|was|were|went|been|goes|completely)\s(\w+\s)?(down|offline|dead|out)\b | \bcrash\w*\b
        | \bfr(ee|o)z(e|es|en|ing)\b
        | \brestart\w*\b | \breboot\w*\b | \boutage\b | \bunavailable\b | \b(white|black|blank)\s(screen|mid)\b
        | \bwent\sblank\b
        | \berror\s?\d*\b | \b50[0-9]\b | \bnot\sresponding\b | \bwon'?t\sload\sat\sall\b | \bdisconnect\w*\b
        | \bdrops?\b
        | \blocks?\sup\b | \bno\s(connection|network|internet|wifi)\b | \bnothing\sworks\b
        | \bstopped\s(working|responding)\b
        | \b(not|isn'?t|doesn'?t|won'?t|quit)\s(even\s)?(work|working|start|open|boot)\b | \bblue\sscreen\b
        | \bkeeps?\s(dying|crashing|going\sdown)\b | \bdied\b | \bunusable\b | \bkicked\sthe\sbucket\b | \bhung\b
        | \b(goes|going|went)\s(down|dark|offline)\b
        | \bdown\s(again|since|for|all)\b | \bdead\b
    """,
    Kind.WRONG_DATA: r"""
        \bwrong\s(price|number|amount|data|address|time|total|figure|result|stock|info\w*|status|name|date)s?\b
        | \bmismatch\w*\b
        | \b(do(es)?n'?t|don'?t|not|never)\s(match|agree|add\sup|right|true)\b | \bout\sof\s(sync|date)\b
        | \bincorrect\b
        | \b(says|shows|said|showed)\b.{0,120}\b(but|is\s(empty|sold|gone|zero|online|fine)|are\szero|are\sgone
        |was\snot|isn'?t|there\sis\snone)\b
        | \bdiffer\b | \bdifferent\s(amounts?|totals?|prices?|numbers?|balances?)\b | \boff\s(by|against)\b
        | \bold\sprices?\b | !=
        | \bghost\b | \bnegative\sstock\b | \bfalse\b | \binaccurate\b
        | \bwrong\b | \bphantom\b | \bnot\s(updated|up\sto\sdate|current)\b
        | \bstill\s(shows?|says|lists?|has|charges?)\b | \boversold\b
        | \b(says|shows|claims|lists?)\s(we\shave|there\s(is|are)|it'?s|\d+|in\sstock|available)\b
        | \b(instead\sof|rather\sthan)\s\$?\d
        | \b(rings?|rang|scans?|scanned)\s(it\s)?(up\s)?(at|as|for|higher|lower|the\sold)\b
        | \b(discount|promo\w*|sale\sprice)\b.{0,40}\b(not|n't|never|missing)\b
        | \b(don'?t|doesn'?t|do\snot|does\snot)\s(actually\s)?(exist|have\s(any|it|them))\b
        | \b(higher|lower|cheaper|more\sexpensive)\sthan\b
    """,
    Kind.MISSING_DATA: r"""
        \bnot\s(found|listed|loaded|visible|shown|in\sthe\s(system|database|list))\b
        | \b(is|are|was|were)\smissing\b | \bmissing\s(from|in)\b
        | \b(doesn'?t|does\snot|don'?t|do\snot)\s(show|list|appear|know|land)\b | \bempty\b | \bblank\sfield\b
        | \bcomes?\sup\sempty\b
        | \bno\s(history|record|info\w*|status|transcript|trace|price|notes?)\b | \bcan'?t\ssee\b | \bcannot\ssee\b
        | \bnowhere\b
        | \bisn'?t\sin\b | \bnot\sin\sour\b
        | \b(no|without)\s(access\sto\s)?(the\s|any\s|previous\s|earlier\s|past\s)?(\w+\s)?(history
        |transcripts?|log|logs|context|trace|background)\b
        | \bnot\s(linked|attached|synced|transferred|carried\sover)\b
        | \b(doesn'?t|don'?t|won'?t|never)\s(carry|come|sync|transfer|reach|arrive|get)\b
        | \binvisible\b | \bblind\b | \bno\sidea\swhat\s(was|they|he|she|the|happened|my)\b
        | \b(unable\sto|couldn'?t|can\snot|can'?t|cannot|don'?t)\s(see|find|view)\b
        | \bdisappear\w*\b | \bvanish\w*\b
    """,
    Kind.MISSING_PERMISSION: r"""
        \bpermissions?\b | \brights?\sto\b | \bno\srights\b | \b\w+\srights\b | \bgr[ae]yed\b | \baccess\sdenied\b
        | \bnot\sauthori[sz]ed\b
        | \bapprov\w*\b | \boverride\b | \b(no|without|don'?t\shave|removed)\b.{0,30}\baccess\b
        | \baccess\b.{0,25}\b(removed|requested)\b
        | \bnot\sallowed\b | \bsupervisor('?s)?\s(code|key|login|to|has)\b | \bwithout\sa\s(supervisor|manager)\b
        | \bunlock\b
        | \b(need|get|call|find|fetch|track\sdown|wait\sfor|ask|page)\s(for\s)?(a|my|the|our)\s(manager
        |supervisor|lead|shift\slead|boss|team\slead)\b
        | \bno\sauthority\b | \bprivileges?\b | \bblocked\s(for|from)\b
        | \b(won'?t|doesn'?t|does\snot)\s(let|allow)\s(me|us)\b | \bnot\s(able|permitted)\sto\b
        | \bonly\s(a\s|the\s)?(managers?|supervisors?|leads?|admins?)\b
        | \bmanager'?s?\s(code|key|pin|card|approval)\b
    """,
    Kind.LOGIN: r"""
        \blog(ged|ging|s)?[\s-]?(in|on|out|off|back)\b | \blogins?\b
        | \bsign(s|ed|ing)?[\s-]?(in|on|out|off|you\sout|me\sout)\b
        | \bpasswords?\b | \block(ed|s)?\s(me\s|us\s)?out\b | \bauthenticat\w*\b | \b(mfa|2fa|two[\s-]factor|sso)\b
        | \bsessions?\s(expire\w*|timed|times|not|dies|ends)
        | \b(throws?|kick(s|ed)?|boots?)\s(me|us|you)\s(out|off)\b | \bpin\scode\b
        | \buser\srevoked\b | \bcredentials?\b | \bcodes?\s(is\s)?(gone|rejected|not\saccepted)\b
        | \baccount\s(is\s|gets\s|got\s)?locked\b | \bpasswords?\b | \breset\s(my|the|our|a)\b
        | \bverification\s(code|text)\b | \bone[\s-]time\s(code|password|pin)\b
    """,
    Kind.UNCLEAR_POLICY: r"""
        \b(not|isn'?t|un)\s?-?clear\b | \bunclear\b | \bclearly\b | \bambiguous\b | \bcontradict\w*\b
        | \bwhich\sone\b | \bconfus\w*\b
        | \b(two|2|different)\s(answers|articles|pages|versions|rules)\b | \bdisagree\b | \bsays\s"?may"?\b
        | \bnot\ssure\b | \bmay\swe\b | \bdo\swe\b.{0,120}\?
        | \bone\s(page|article|doc\w*|wiki\spage)\ssays\b | \b(nobody|no\sone)\s(can\stell|knows\sif|is\ssure)\b
        | \bwho\sis\sallowed\b
        | \b(polic\w*|rules?|pages|guides?|articles)\b.{0,40}\b(don'?t|do\snot)\s(match|agree)\b
        | \bdepends\s(on\s)?who\b | \bconflicting\b | \bvague\b | \binterpret\w*\b | \b(who'?s|who\sis)\sright\b
        | \bwhich\s(rule|policy|version|page)\b
        | \b(policy|rule|guide|article|page|handbook|document|manual|kb|wiki)\s(is|are|says?|reads|doesn'?t)\b
        | \b(nobody|no\sone|everyone|everybody)\b.{0,25}\b(sure|agrees?|different\w*|knows)\b
        | \b(polic\w+|rules?)\b.{0,60}\b(which|confus\w*|unclear|sure|different|depends|contradict\w*)\b
    """,
    Kind.MISSING_POLICY: r"""
        \bno\s(\w+\s)?(polic(y|ies)|rules?|procedures?|instructions?|pages?|articles?|guid\w+|protocol|process
        |template)\b
        | \bnothing\s(is\s|there\sis\s)?(\w+\s)?(in\swriting|written|in\sthe\s(handbook|wiki|guide)|about)\b
        | \bfound\s(no|nothing)\b
        | \bthere\sis\snothing\b | \b(not|isn'?t|wasn'?t)\s(written|covered|documented)\b
        | \bis\sthere\sany\s(polic\w+|rule)\b
        | \bwhat\s(do\swe\sdo|now|is\sthe\srule)\b | \bin\swriting\b | \bmade\ssomething\sup\b
        | \b(no|not\sany)\s(official\s|clear\s|written\s)?(guidance|guideline|rule|standard|answer\sin)\b
        | \bnot\s(in|on)\sthe\s(wiki|handbook|kb|intranet)\b | \bnothing\son\sthe\s(wiki|intranet)\b
    """,
    Kind.HANDOFF: r"""
        \btransfer(s|red|ring)?\b.{0,40}\b(times|again|to|back|me)\b | \bbounc\w*\b | \bpassed\saround\b
        | \b(nobody|no\s?one)\sowns?\b
        | \bwho\sowns\b | \bwhose\b | \bwhich\s(queue|team|department)\b
        | \btwo\s(teams|departments|people|colleagues)\b
        | \bforwarded\b | \bboth\s(answer\w*|repl\w*|teams)\b | \bwrong\s(queue|team|department|inbox)\b
        | \bhand-?\s?(off|over)s?\b
        | \bping-?\s?pong\b | \bback\sand\sforth\b | \b(already|had)\s(already\s)?(answered|replied)\b
        | \bin\scircles\b
        | \bbelongs?\sto\b | \bwhose\sjob\b | \bnot\sour(s|\sjob)\b | \b(no|without\san?)\sowner(ship)?\b
        | \b(re|mis)-?routed\b | \brouted\sto\b | \bsent\son\sto\b
        | \b(team|queue|department|group)s?\b.{0,40}\b(both|each|same|other)\b
        | \b(both|each|same|other)\b.{0,40}\b(teams?|queues?|departments?|groups?)\b
        | \bdouble\s(repl|answer)\w* | \bassigned\sto\s(the\s)?(wrong|two|both|another)\b | \bnot\sknowing\b
    """,
    Kind.MANUAL_WORKAROUND: r"""
        \bspreadsheets?\b | \bexcel\b | \bgoogle\ssheet\b | \bby\shand\b | \bon\spaper\b
        | \bpaper\s(list|form|signature|cop\w+)s?\b | \bsticky\snotes?\b
        | \bcalculator\b | \bmanual\w*\b | \bnotebooks?\b | \bwork-?\s?arounds?\b
        | \bscan(ned|ning)?\b.{0,30}\b(mail|attach|back|rename|upload)\w*
        | \bprint(ed|ing)?\b.{0,40}\b(scan|sign)\w* | \bown\slists?\b | \bwhatsapp\b | \bphotos?\sof\b
    """,
    Kind.PARTNER_DELAY: r"""
        \b(installer|contractor|subcontractor|courier|partner|vendor|supplier|carrier|technician|delivery
        |parcel\sguy)s?\b
        .{0,60}\b(late|no\s?-?show|didn'?t|did\snot|never|missed|cancel\w*|skip\w*|days|leaves?|lost|whenever
        |doesn'?t|not)\b
        | \bno\s?-?show(s|ed)?\b | \bdidn'?t\sshow\sup\b
        | \bmissed\s(\w+\s){0,2}(install\w*|pick\s?-?up|appointment|window|visit)\b
        | \bpick\s?-?up\smissed\b
        | \bwaiting\s(on|for)\s(the\s)?(contractor|partner|vendor|installer|courier|supplier)\w*
        | \b(installer|contractor|subcontractor|courier|vendor|supplier|technician|tech|driver)s?\s(was|were|is
        |are|came|comes|showed|arrived|arrives)\b
    """,
    Kind.HARDWARE: r"""
        \bprinters?\b | \bheadsets?\b | \bheadphones?\b | \bbatter(y|ies)\b | \bcracked\b | \bbroken\b
        | \bjam(s|med|ming)?\b | \bscanner\b
        | \bcables?\b | \bcharg(e|ing)\sanymore\b | \b(card|chip)\s(reader|machine|slot|terminal)\b
        | \bterminals?\b | \bscreen\sis\s(cracked|dead)\b
        | \bmic(rophone)?\b | \btablets?\b | \bkeyboard\b | \bmonitor\b | \bout\sof\s(ribbon|paper|ink|toner)\b
        | \bsmear\w*\b | \boverheat\w*\b
        | \b(ink|toner|ribbon|paper\sroll|label\sroll)\b | \bsmudg\w*\b
        | \b(won'?t|doesn'?t|not|isn'?t|stopped)\s(print|printing|charge|charging|scan|scanning|turn\son)\b
        | \blabels?\s(come|are|is|print|don'?t|won'?t)\b | \bunplug\w*\b | \bhardware\b | \bflicker\w*\b
    """,
    Kind.TRAINING_GAP: r"""
        \btrain(ed|ing)\b | \b(showed|shown|taught|explained)\b | \bonboarding\b
        | \b(don'?t|do\snot|didn'?t)\sknow\s(how|what)\b
        | \bno\sidea\s(how|what)\b | \blesson\b | \bcourse\b | \bclass\sis\b | \bcan'?t\sread\b
        | \b(nobody|no\s?one)\s(ever\s)?(told|shows?|taught)\b
        | \bguessing\b | \bhow\s(do|to)\b.{0,120}\?
        | \bnew\s(hires?|starters?|people|colleagues?)\b.{0,40}\b(know|learn|show\w*|train\w*|taught)\b
        | \blearn\w*\s(by|from|it\son|the\shard)\b | \btutorial\b
    """,
    Kind.LANGUAGE_MISMATCH: r"""
        \bspanish\b | \benglish\b | \bportuguese\b | \bfrench\b | \blanguages?\b | \btranslat\w*\b
        | \bdifferent\s(words|names?|terms?)\b
        | \b(calls?|called)\s(it|the|this|that|them)\b | \bterminology\b | \bnames?\sdiffer\b | \bmarketing\sname\b
        | \bjargon\b | \bwordings?\b
        | \b(ads?|flyer|website|marketing)('s)?\b.{0,30}\b(calls?|says|names?)\b
    """,
    Kind.OTHER: r"""
        \b(shift\splan|roster|shifts?\s(swap|change)|day\soff|break\sroom|toilets?|heating|air\s?con\w*|parking
        |chairs?|noise|noisy|freezing\scold)\b
        | \bswapping\sa\sshift\b | \bdegrees\b | \bcanteen\b | \blockers?\b
    """,
}
CUES: Mapping[Kind, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL) for kind, pattern in _CUES.items()
}


def told(text: str) -> frozenset[Kind]:
    """The kinds that a word of the text tells of."""
    plain = text.replace("’", "'")
    return frozenset(kind for kind, cue in CUES.items() if cue.search(plain))
