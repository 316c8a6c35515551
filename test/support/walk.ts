/** What the vocabulary test says to every verb: what is right, what lacks something, what is wrong; and what it must hear. */

/** The line, what the console answers, whether that is exit code 0, what chat shows where it differs, and who says it. */
type Said = [line: string, says: RegExp, ok: boolean, inChat?: RegExp | undefined, who?: string];

export interface Row {
  /** What `{it}` stands for: at the console, in chat. */
  deals?: [string, string];
  /** In chat it is said where several read. */
  where?: 'room';
  /** Who says it there and there; the alliance lead unless told. */
  as?: [string, string];
  /** What AWS carries out for the right line, once. */
  atAws?: 'accept' | 'reject' | 'assign' | 'update' | 'update-lead';
  right: Said;
  missing: Said;
  wrong: Said;
}

const WHICH = /Which deal\? Say it like this: /;
const UNKNOWN = /I know no deal “Nobody There”\. Try “list” or “desk” to see what is yours\./;
const NOBODY = /I know nobody called “Zorro” here\./;

export const WALK: Record<string, Row> = {
  accept: {
    deals: ['Evergrove Timber', 'Cobalt Ridge Utilities'],
    atAws: 'accept',
    right: ['accept {it}', /AWS confirmed the change of owner/, true],
    missing: ['accept', WHICH, false],
    wrong: ['accept Lantern Street Media', /This is an opportunity already/, false],
  },
  'ask-access': {
    as: ['NINA', 'NOEL'],
    right: ['ask-access', /Asked\. The alliance lead decides/, true],
    missing: ['desk', /has no access to ace-desk/, false],
    wrong: ['ask-access', /You are in already/, true, undefined, 'ANA'],
  },
  'change-stage': {
    deals: ['Brightside 🚀 Robotics', 'Saffron Road Foods'],
    atAws: 'update',
    right: ['change-stage {it}: Technical Validation', /AWS confirmed (?:the|your) stage/, true],
    missing: ['change-stage {it}', /“New stage” is missing/, false, /New stage.*Business Validation/],
    wrong: ['change-stage {it}: Florb', /“Florb” is no stage/, false],
  },
  cover: {
    right: ['cover off', /Nobody covers your desk/, true],
    missing: ['cover', /“Who covers”.* (?:is|are) missing/, false, /Who covers.*Last day/],
    wrong: [
      'cover until tomorrow: Zorro',
      /I know nobody called “Zorro”/,
      false,
      /I know nobody called “Zorro”|Who covers/,
    ],
  },
  desk: {
    right: ['desk', /Your desk.*Pending acceptance/, true],
    missing: ['what needs me?', /Your desk/, true],
    wrong: ['desk now', /so nothing was done/, false],
  },
  digest: {
    right: ['digest', /Your digest.*Pending acceptance/, true],
    missing: ['my digest', /Your digest/, true],
    wrong: ['digest now', /so nothing was done/, false],
  },
  erase: {
    // Who asked for access above.
    deals: ['nina@elsewhere.example', 'noel@elsewhere.example'],
    right: ['erase {it} (yes)', /Erased\. They are “Former colleague/, true],
    missing: ['erase', /“Name or e-mail” is missing/, false, /Name or e-mail/],
    wrong: ['erase Zorro', NOBODY, false, /I know nobody called “Zorro”|Name or e-mail/],
  },
  find: {
    right: ['find airways tamarind', /Found for .*Tamarind Airways/, true],
    missing: ['find', /“Company, title or id” is missing/, false, /Company, title or id/],
    wrong: ['find Nobody There', UNKNOWN, false],
  },
  flag: {
    deals: ['Palisade Mutual Bank', 'Glasswing Biotech'],
    right: ['flag {it}', /Flagged; “list flagged” shows what you flagged/, true],
    missing: ['flag', WHICH, false],
    wrong: ['flag Nobody There', UNKNOWN, false],
  },
  'hand-over': {
    right: [
      'hand over Priya’s desk to Tom',
      /Say the same line with “\(yes\)” at its end/,
      false,
      /of Priya Raman’s desk go(?:es)? to Tom Keller/,
    ],
    missing: ['hand-over', /“To whom” is missing/, false, /To whom/],
    wrong: [
      'hand-over to Zorro',
      /I know nobody called “Zorro”/,
      false,
      /I know nobody called “Zorro”|To whom/,
    ],
  },
  help: {
    right: ['help transfer', /transfer <deal> to <person>/, true],
    missing: ['help', /What you can say.*To see:.*To act on a deal:.*To keep things in order:/, true],
    wrong: ['help florb', /There is no “florb” here/, false],
  },
  history: {
    right: [
      'history Quarry Lane Cider',
      /Nothing has been asked of AWS from here for Quarry Lane Cider/,
      true,
    ],
    missing: ['history', /What was asked of AWS, newest first/, true],
    wrong: ['history Nobody There', UNKNOWN, false],
  },
  invite: {
    deals: ['Tom Keller', 'Lucía Ferro'],
    right: ['invite {it}', /Invited: (?:Tom Keller|Lucía Ferro)\./, true],
    missing: ['invite', /“Whom” is missing/, false, /Whom/],
    wrong: ['invite Zorro', NOBODY, false, /I know nobody called “Zorro”|Whom/],
  },
  link: {
    right: ['link', /In practice mode your e-mail is enough/, true],
    missing: ['link abcd efgh', /In practice mode your e-mail is enough/, true],
    wrong: ['link florb', /A code looks like this: ABCD-EFGH/, false],
  },
  list: {
    right: ['list drafts', /Draft opportunities.*Copperleaf Schools Trust/, true],
    missing: ['list', /Pipeline.*Opportunities and leads/, true],
    wrong: ['list florb', /There is no view called “florb”/, false],
  },
  'next-step': {
    deals: ['Juniper Lane Pharmacies', 'Northgate Tram Works'],
    atAws: 'update',
    right: ['next-step {it}: Demo with the CFO', /AWS confirmed (?:the|your) next step/, true],
    missing: ['next-step {it}', /“Next step” is missing/, false, /What happens next, who does it, by when/],
    wrong: [`next-step {it}: ${'x'.repeat(256)}`, /1 too many: AWS takes 255 characters/, false],
  },
  notify: {
    right: ['notify without approved', /no longer told when AWS approves a deal|it is set so already/, true],
    missing: ['notify', /Not done: .*(?:missing|asked)/, false, /Tell me when/],
    wrong: ['notify without florb', /I know nothing to tell called “florb”/, false],
  },
  nudge: {
    deals: ['Palisade Mutual Bank', 'Glasswing Biotech'],
    right: ['nudge {it}', /Asked .* for a word on 1 deal\./, true],
    missing: ['nudge', WHICH, false],
    wrong: ['nudge Nobody There', UNKNOWN, false],
  },
  offer: {
    deals: ['Pinecrest Outfitters', 'Nimbus 🌧️ Umbrella Company'],
    right: ['offer {it} to Priya and Tom', /Offered to Priya Raman and Tom Keller/, true],
    missing: ['offer {it}', /Not done: .*(?:missing|asked)/, false, /Offer it to.*Lucía Ferro, ACE user/],
    wrong: ['offer {it} to Zorro', NOBODY, false],
  },
  people: {
    deals: ['tom.keller@partner.example', 'lucia.ferro@partner.example'],
    right: ['people grant {it}: ACE manager', /ace-desk only/, true],
    missing: [
      'people grant new@partner.example',
      /“Role” are missing/,
      false,
      /The one Partner Central knows/,
    ],
    wrong: ['people Zorro', NOBODY, false],
  },
  post: {
    where: 'room',
    right: [
      'post Glasswing Biotech',
      /Say it in the channel where it is to stand/,
      false,
      /people read along in .*, .*all of them will see company and stage/,
    ],
    missing: [
      'post',
      /Say it in the channel where it is to stand/,
      false,
      /Before anything is posted you see who reads along in/,
    ],
    wrong: ['post Nobody There', UNKNOWN, false],
  },
  reject: {
    deals: ['Ashdown Vale Council', 'Tamarind Airways'],
    atAws: 'reject',
    right: ['reject {it}: Unable to support (yes)', /AWS confirmed (?:the|your) rejection/, true],
    missing: [
      'reject Marlow Street Pharmacies',
      /Not done: .*(?:missing|asked)/,
      false,
      /you lose access to it.*Unable to support/,
    ],
    wrong: [
      `reject Marlow Street Pharmacies: ${'x'.repeat(81)}`,
      /1 too many: AWS takes 80 characters/,
      false,
    ],
  },
  remind: {
    deals: ['Polestar Ferries', 'Stonecrop Water Authority'],
    right: ['remind {it}: tomorrow', /You look at it again/, true],
    missing: ['remind', WHICH, false],
    wrong: ['remind {it}: florb', /I do not know the time “florb”/, false],
  },
  repair: {
    deals: ['Silverbirch Clinics', 'Cormorant Pilot Boats'],
    atAws: 'update',
    right: ['repair {it}: website https://mended.example', /AWS confirmed (?:the|your) website/, true],
    missing: [
      'repair Quillfeather Legal',
      /Not done: .*(?:missing|asked)/,
      false,
      /Postal code and city do not match/,
    ],
    wrong: ['repair Quillfeather Legal: florb 3', /I do not know which field “florb 3” is about/, false],
  },
  route: {
    deals: ['Nordics', 'Southern sales'],
    right: ['route add {it} (country SE) (to Priya)', /Saved.*Sweden → offered to Priya Raman/, true],
    missing: ['route add', /“Name” is missing/, false, /Name.*Post its card/],
    wrong: ['route remove Florb', /There is no rule called “Florb”/, false],
  },
  schedule: {
    right: ['schedule at 8', /Your digest comes Mon–Fri at 08:00/, true],
    missing: ['schedule', /Not done: .*(?:missing|asked)/, false, /What stands in it.*On which days/],
    wrong: ['schedule at half past', /“half past” is no full hour/, false],
  },
  show: {
    right: [
      'show Palisade Mutual Bank',
      /Palisade Mutual Bank – SAP off the old hardware Partner referral/,
      true,
    ],
    missing: ['show', WHICH, false],
    wrong: ['show Nobody There', UNKNOWN, false],
  },
  sprint: {
    right: ['sprint', /needs? a word/, true],
    missing: ['start the sprint', /needs? a word/, true],
    wrong: ['sprint florb', /so nothing was done/, false],
  },
  transfer: {
    deals: ['Palisade Mutual Bank', 'Glasswing Biotech'],
    atAws: 'assign',
    right: ['transfer {it} to Jonas', /AWS confirmed the change of owner to Jonas Berg/, true],
    missing: ['transfer {it}', /“New owner” is missing/, false, /New owner.*Lucía Ferro/],
    wrong: ['transfer {it} to Zorro', NOBODY, false],
  },
  unflag: {
    deals: ['Palisade Mutual Bank', 'Glasswing Biotech'],
    right: ['unflag {it}', /(Palisade Mutual Bank|Glasswing Biotech) – /, true],
    missing: ['unflag', WHICH, false],
    wrong: ['unflag Nobody There', UNKNOWN, false],
  },
  'update-lead': {
    deals: ['Ferrous Park Foundry', 'Ember & Ash Restaurants'],
    atAws: 'update-lead',
    right: ['update-lead {it}: Qualified', /AWS confirmed (?:the|your) lead status/, true],
    missing: ['update-lead {it}', /Not done: .*(?:missing|asked)/, false, /Status now: .*What happened/],
    wrong: ['update-lead {it}: Florb', /I do not know “Florb”/, false],
  },
  waiting: {
    right: ['waiting', /Waiting for AWS/, true],
    missing: ['waiting cancel', /Nothing of that waits for AWS any more/, false],
    wrong: ['waiting florb', /so nothing was done/, false],
  },
};
