"""What is said in Riverton's meetings, by department: promises, questions with answers, decisions, good news.

{m} is the measure under discussion, {ward} a ward's number; the words beside a promise are the form of its deliverable.
"""

from __future__ import annotations

PROMISES: dict[str, tuple[tuple[str, str], ...]] = {
    "EC": (
        ("Fill four call-taker posts before the summer", "report"),
        ("Compare Sunday rosters with two neighboring centers", "memo"),
        ("Cost of a second night crew", "budget request"),
        ("Show {m} by hour of the day", "analysis"),
        ("Move the monthly drill out of the Friday peak", "memo"),
        ("Bring the exit interviews of the last six call takers", "report"),
        ("Draft a call-back rule for abandoned calls", "policy"),
        ("Test the text-to-911 overflow with the county", "launch"),
        ("List the shifts that ran below minimum staffing", "report"),
        ("Explain how {m} is counted when lines are down", "data"),
        ("Plan cross-training of six non-emergency agents", "memo"),
        ("Audit one hundred ward {ward} calls from the last month", "analysis"),
        ("Invite the training academy to the next meeting", "briefing"),
        ("Price the headset replacement with and without leasing", "budget request"),
        ("Ask the vendor why the queue screen froze last month", "memo"),
        ("Propose a break plan that keeps two consoles open", "memo"),
        ("Publish the wait at night on the staff board every Monday", "launch"),
        ("Visit the county center during its shift change", "site visit"),
    ),
    "FD": (
        ("Report {m} by station and shift", "report"),
        ("Drive the three slowest routes in ward {ward} at rush hour", "site visit"),
        ("Move one ambulance to station 7 for eight weeks", "launch"),
        ("List hydrants out of service and their repair dates", "report"),
        ("Cost of a peak-hour ambulance on weekdays", "budget request"),
        ("Compare turnout times before and after the new alarms", "analysis"),
        ("Match home safety visits with addresses of past fires", "analysis"),
        ("Agree with the hospital on handover within twenty minutes", "memo"),
        ("Write down which visits the second team makes, and why", "memo"),
        ("Brief the panel on the reserve engine's condition", "briefing"),
        ("Explain the three worst months of {m}", "memo"),
        ("Give commercial inspectors a route plan by block", "launch"),
        ("Propose a fee for third false alarms", "policy"),
        ("Bring the mutual-aid agreement up to date", "policy"),
        ("Check {m} against the dispatch system's own clock", "data"),
        ("Train station captains on the new incident form", "briefing"),
        ("Map cardiac arrests against public defibrillators", "analysis"),
        ("Walk the Mill Street apartments with housing inspectors", "site visit"),
    ),
    "PD": (
        ("Map traffic injuries at the ten worst crossings", "analysis"),
        ("Report {m} by beat for the last six months", "report"),
        ("Plan foot patrols around the ward {ward} school", "memo"),
        ("Cost of three more crossing guards", "budget request"),
        ("Explain why priority calls wait longest on Saturdays", "memo"),
        ("Review overtime above forty hours with each captain", "report"),
        ("Start the burglary-prevention visits in ward {ward}", "launch"),
        ("Bring the diversion program's waiting list", "data"),
        ("Agree on detective caseloads with the district attorney", "memo"),
        ("Publish complaint outcomes by quarter", "report"),
        ("Test plate readers at the two bridge entrances", "launch"),
        ("Compare clearance rates with four cities of our size", "analysis"),
        ("Draft the new pursuit policy for counsel's comment", "policy"),
        ("Meet the merchants on Harbor Street about shoplifting", "site visit"),
        ("Show how many sworn posts retire within two years", "analysis"),
        ("Move two traffic cars to the school run", "launch"),
        ("Check {m} for reports filed twice", "data"),
        ("Brief the panel on the night-time economy plan", "briefing"),
        ("Ask the state lab for its turnaround on evidence", "memo"),
        ("Report back on the lighting walk in ward {ward}", "report"),
    ),
    "PW": (
        ("Bring the repair contractor's crew logs for the last two months", "data"),
        ("Show {m} by ward and by crew", "report"),
        ("Write to the contractor about the standard it missed twice", "memo"),
        ("Cost of taking the northern wards' potholes in house", "budget request"),
        ("Inspect twenty repairs of the last month in ward {ward}", "site visit"),
        ("Try the two-truck method on Lincoln Avenue", "launch"),
        ("List street lights out for more than thirty days", "report"),
        ("Explain the rise in dumping behind the rail yard", "memo"),
        ("Put cameras at the four worst dumping places", "launch"),
        ("Compare recycling in blocks with and without the new bins", "analysis"),
        ("Plan valve replacement for the mains that broke twice", "memo"),
        ("Report snow routes that were cleared last", "report"),
        ("Bring fuel cards and mileage together by vehicle", "data"),
        ("Ask the scale house for weights by truck, not by day", "data"),
        ("Propose a repair bond for utility cuts", "policy"),
        ("Find three more drivers with the plow license", "report"),
        ("Show leaks found by the listening survey on a map", "analysis"),
        ("Publish the paving list for next spring", "launch"),
        ("Brief the panel on the water-loss audit", "briefing"),
        ("Walk the ward {ward} drains before the rainy season", "site visit"),
    ),
    "PB": (
        ("List the ten oldest permit files and their next step", "report"),
        ("Show {m} for small and large projects apart", "analysis"),
        ("Write a checklist that applicants can follow alone", "launch"),
        ("Let two inspectors work evenings for a month", "launch"),
        ("Ask architects why first plans are returned", "memo"),
        ("Merge the zoning and building review into one meeting", "policy"),
        ("Bring vacant-building owners who never answered", "data"),
        ("Cost of a second plan reviewer for six months", "budget request"),
        ("Visit the five vacant buildings nearest to schools", "site visit"),
        ("Explain how the backlog is counted after a re-inspection", "data"),
        ("Compare code cases by inspector and ward", "analysis"),
        ("Brief the panel on the new energy code", "briefing"),
    ),
    "PK": (
        ("Set library hours beside visits by hour", "analysis"),
        ("Show {m} against the same month of past years", "analysis"),
        ("Count park visits with the new sensors for one season", "data"),
        ("Open the ward {ward} branch on Sundays as a trial", "launch"),
        ("Plant the forty trees that are left from spring", "launch"),
        ("Report on camp places lost to missing counselors", "report"),
        ("List playgrounds that failed inspection", "report"),
        ("Cost of lighting the two busiest fields", "budget request"),
        ("Ask families why lessons were given up", "memo"),
        ("Write an agreement with the schools on shared yards", "policy"),
        ("Walk the river path with the access committee", "site visit"),
        ("Brief the panel on the branch renewal plan", "briefing"),
    ),
    "HS": (
        ("Report how long each shelter guest waits, by household size", "report"),
        ("Find twenty landlords for the voucher program", "launch"),
        ("Explain the rise of filings by one property company", "memo"),
        ("Show {m} by ward and by age of the building", "analysis"),
        ("Bring eviction filings from the court within ten days", "data"),
        ("Offer lead tests at the ward {ward} clinic on Saturdays", "launch"),
        ("Cost of keeping the winter shelter open two months longer", "budget request"),
        ("Draft the memorandum with the county on naloxone", "policy"),
        ("Visit the two sites where building has stopped", "site visit"),
        ("Compare vaccination by school and by clinic", "analysis"),
        ("Call the restaurants that were closed twice", "report"),
        ("Brief the panel on the housing trust fund", "briefing"),
    ),
    "FN": (
        ("Show {m} by fund, with the three largest differences", "analysis"),
        ("List purchases that waited more than ninety days", "report"),
        ("Propose a higher limit for small purchases", "policy"),
        ("Explain late invoices by department", "memo"),
        ("Bring the grant calendar for the coming year", "data"),
        ("Cost of the contract software against its savings", "budget request"),
        ("Agree on year-end encumbrances with each department", "memo"),
        ("Brief the panel on the reserve policy", "briefing"),
        ("Ask the ten slowest approvers what stops them", "report"),
        ("Start electronic signatures for contracts under $50,000", "launch"),
    ),
    "HR": (
        ("Show {m} by department and by length of service", "analysis"),
        ("Ask the fifteen people who left last quarter", "report"),
        ("Cut two approvals from the hiring steps", "policy"),
        ("Plan a hiring day for dispatch, police and fire", "launch"),
        ("Explain sick days by weekday and by shift", "memo"),
        ("List 311 requests that came back within a month", "data"),
        ("Cost of an on-call doctor for return to work", "budget request"),
        ("Give supervisors the injury report within a week", "launch"),
        ("Compare vacancies with last year's retirements", "analysis"),
        ("Brief the panel on the new 311 categories", "briefing"),
        ("Walk through the outage of the payment page", "memo"),
        ("Report how many online forms still end on paper", "report"),
    ),
}

# what a promise of each form says when the same was promised later without it
AGAIN = {
    "analysis": ", with this year's figures", "report": ", with this year's figures", "data": ", for the year since",
    "memo": ", for the coming year", "launch": ", a second time", "budget request": ", at this year's prices",
    "policy": ", after counsel's comments", "site visit": ", one year on", "briefing": ", one year on",
}  # fmt: skip

QUESTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "EC": (
        ("Why do Sundays stay below the other days?", "Two posts a shift are filled from overtime; Sunday is the day nobody takes."),
        ("Who answers when all consoles are busy?", "The county center after forty seconds; twelve calls last month."),
        ("Do new call takers stay longer than a year?", "Five of nine did; the academy's first class is complete so far."),
        ("What would one more crew at night change?", ""),
    ),
    "FD": (
        ("Which ward drives the slower response?", "Ward 6: its ambulance is at the hospital for half of the evening."),
        ("How long do crews wait at the hospital?", "Thirty-one minutes on average since the ward there was rebuilt."),
        ("Do the visits reach the homes where fires begin?", "Not yet known; the addresses have not been matched."),
        ("When is the reserve engine back?", "In three weeks, with the new pump."),
    ),
    "PD": (
        ("Is the rise in one beat or in all of them?", "In two beats along the river; the others are as before."),
        ("What do the clearance figures leave out?", "Cases handed to the state; eleven last year."),
        ("Which crossings come back every quarter?", "Four, and three of them are near schools."),
        ("Can overtime be planned a month ahead?", ""),
    ),
    "PW": (
        ("Who checks a repair before it is paid?", "Nobody until now; two inspectors do from next month."),
        ("Why does a pothole wait eleven days?", "Nine of them pass before it is on a crew's list."),
        ("Does the contract let us end it early?", "After three missed standards in a row; counsel has the dates."),
        ("How much of the water loss is metering?", ""),
    ),
    "PB": (
        ("What do applicants get wrong most often?", "The site plan; half of the returns are for its scale."),
        ("Is the backlog old or new?", "Two thirds are younger than a month."),
        ("Who owns the oldest vacant buildings?", "Three companies own forty of them."),
    ),
    "PK": (
        ("Is this the season or a change?", "The season: every winter looks the same."),
        ("Which branch lost the most visits?", "Eastside, while its elevator was out."),
        ("What would Sunday hours cost?", ""),
    ),
    "HS": (
        ("How many guests come back within a year?", "About one in six."),
        ("Where do the new filings come from?", "Half from one company's buildings."),
        ("Which clinic reaches the most children?", "Northside, since it opens on Saturdays."),
    ),
    "FN": (
        ("Which step of a purchase takes longest?", "The department's own specification."),
        ("Is the variance timing or money?", "Timing: two grants arrive in the next quarter."),
    ),
    "HR": (
        ("Do sick days and overtime move together?", "In dispatch and in police they do."),
        ("Where do applicants drop out?", "Between the test and the offer, in week five."),
        ("Which requests take more than five days?", "Trees and signs, which need a crew."),
    ),
}  # fmt: skip

DECISIONS: dict[str, tuple[str, ...]] = {
    "EC": ("The night shift plan becomes permanent", "Overtime in dispatch is reviewed every week", "Text calls count from the first message"),
    "FD": ("One ambulance moves to station 7 for eight weeks", "The reserve engine is repaired, not replaced", "Handover times are reported to the hospital every month"),
    "PD": ("Crossing guards come before new signs", "Diversion places are kept at sixty", "The pursuit policy goes to counsel"),
    "PW": ("No repair is paid before it has been inspected", "The paving list follows street condition, not requests", "Dumping cameras stay for a year"),
    "PB": ("The counter stays online first", "Small projects are decided in one meeting", "Vacant buildings near schools come first"),
    "PK": ("Sunday hours begin as a trial in one branch", "Sensors replace the counts by hand"),
    "HS": ("The winter shelter stays open two months longer", "Lead tests are free for children under six"),
    "FN": ("Purchases under $10,000 need one signature", "The reserve stays above sixty days"),
    "HR": ("The second interview is left out for entry posts", "311 requests are closed by the crew, not by the office"),
}  # fmt: skip

WINS: dict[str, tuple[str, ...]] = {
    "EC": ("Dispatch academy: first class of nine has its badges", "A year without a lost call in a storm", "Two call takers were honored by the state"),
    "FD": ("Station 4 talked a neighbor through a rescue", "No firefighter was injured this month", "Every school has had its fire drill"),
    "PD": ("Harbor Street merchants thanked the night patrol", "Forty young people finished the diversion program", "The bicycle unit recovered eleven bicycles"),
    "PW": ("No water sample has failed for a year", "All plows were ready before the first snow", "Elm Street was paved two weeks early"),
    "PB": ("The online counter took its thousandth application", "An owner repaired six vacant houses"),
    "PK": ("Summer camp was full in its first week", "Residents planted ninety trees in one day"),
    "HS": ("Thirty-one families moved into Mill Court", "Every class in ward 5 is vaccinated"),
    "FN": ("The audit came back without a finding", "Two grants were won that had been refused before"),
    "HR": ("The hiring day brought sixty applications", "The 311 line answered in three languages"),
}  # fmt: skip

PARKED = (
    "Whether school zones should end at five", "A common map for dumping and dark streets", "Naming rights for the skate park",
    "One badge for all city buildings", "Bus passes for new call takers", "A joint yard for streets and parks",
    "Snow removal on private sidewalks", "Translation of letters to tenants", "Hours of the tool library",
    "Who pays for lights at the river path",
)  # fmt: skip

ACROSS = (
    "Streets and police will share one map of the work planned for the month", "Personnel reads exit interviews with each department first",
    "Fire and housing inspect the same addresses on the same day", "Finance sends the contract calendar to all departments",
    "The snow plan names one person a ward for all departments", "Parks lends its sensors to the bridge count",
    "Dispatch hears of road closings a day before", "Libraries hand out the smoke alarms that fire does not reach",
)  # fmt: skip

DROPPED = (
    "The state now publishes this; no need to do it twice", "Answered by the audit before it was due",
    "The pilot it depended on was not funded", "Merged with an earlier promise of the same department",
)  # fmt: skip
BLOCKED = (
    "Waits for the county's signature", "The vendor has not delivered the export", "Counsel is reviewing the contract first",
)  # fmt: skip
UNDER_WAY = (
    "Draft is with the department", "Figures are in; the text is being written", "Half of it is done",
    "First meeting held, second next week", "The order has gone out",
)  # fmt: skip
KEPT = (
    "Delivered and discussed", "Sent to the panel", "Done; attached to the memo", "In place since Monday", "Report received and read",
)  # fmt: skip
