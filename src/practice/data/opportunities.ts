/**
 * The practised pipeline, a line each. Company names are invented, and some are hostile on purpose: markup, mentions,
 * formulas, other scripts, escape and direction characters must be harmless wherever they are shown.
 *
 * company | theme | industry | country | stage | review | owner | a month | closes in days | created days ago |
 * next step days ago | note: AWS's remark, or why it was lost | marks
 *
 * Review `-`: an accepted AWS referral, which has none. Owner: place in the practice team. Marks: `aws` (referred by
 * AWS), `encoded` (AWS answers it with entities), `future` (members no SDK knows yet), `security` (national security),
 * `redacted` (AWS withholds the customer), `solution=S-…` or `solution=other`, `contact=` the sales contact's place in the
 * team, or `rep` for one who is no user of Partner Central, `touched=` days since the last change of any kind,
 * `aws-stage=` AWS's own stage.
 */
import { table } from './table.ts';

const TEXT = `
Kestrel & Quay Freight | migration | Transportation and Logistics | DE | Prospect | Pending Submission | 3 | 8200.00 USD | 75 | 6 | 6 | |
Larkspur Dairy Union | ai | Consumer Goods | NL | Qualified | Pending Submission | 4 | 4100.00 EUR | 60 | 12 | 3 | |
Bramble Hill Hospitals | backup | Healthcare | GB | Prospect | Pending Submission | 0 | 2600.00 USD | 90 | 2 | - | |
Ostrava Signal Works 🚦 | iot | Manufacturing | DE | Technical Validation | Pending Submission | 5 | 15300.00 EUR | 40 | 20 | 16 | |
Copperleaf Schools Trust | containers | Education | IE | Qualified | Pending Submission | 2 | 1900.00 USD | -4 | 45 | 30 | |
Tidewater Terminals | lake | Transportation and Logistics | NL | Prospect | Submitted | 3 | 22400.00 EUR | 55 | 9 | 4 | | encoded
Gullwing Insurance Mutual | security | Financial Services | US | Qualified | Submitted | 4 | 31000.00 USD | 48 | 14 | 5 | |
Sandpiper Hotels | contact | Hospitality | ES | Technical Validation | Submitted | 5 | 6700.00 EUR | 33 | 17 | 8 | |
Foxglove Energy Cooperative | iot | Energy - Power and Utilities | SE | Business Validation | Submitted | 1 | 18900.00 USD | 62 | 21 | 2 | |
Meridian Bakehouse | ai | Retail | FR | Prospect | In review | 3 | 3300.00 EUR | 80 | 5 | 5 | |
Thistledown Publishing | backup | Media and Entertainment | GB | Qualified | In review | 0 | 2750.00 USD | 41 | 11 | 7 | |
Polestar Ferries | sap | Transportation and Logistics | SE | Technical Validation | In review | 4 | 27600.00 EUR | 6 | 24 | 9 | |
*Bold* _Type_ ~Foundry~ | containers | Marketing and Advertising | US | Qualified | In review | 5 | 5200.00 USD | 37 | 8 | 3 | |
Harbour & Hearth Homes | contact | Real Estate and Construction | GB | Qualified | Action Required | 3 | 9400.00 USD | 28 | 26 | 10 | Please state the estimated monthly spend for twelve months: the amount & the calculator link. | encoded
Silverbirch Clinics | security | Healthcare | IE | Prospect | Action Required | 4 | 7100.00 EUR | 52 | 19 | 11 | The customer's website does not open. Please correct it. |
Cinder Peak Mining | iot | Mining | AU | Technical Validation | Action Required | 2 | 24500.00 USD | 5 | 33 | 15 | The business problem is too general: which machines, and since when? |
O'Malley, "Finch" & Sons | sap | Wholesale and Distribution | IE | Business Validation | Action Required | 0 | 12800.00 EUR | -2 | 40 | 18 | Target close date has passed. |
Quillfeather Legal | backup | Professional Services | CA | Qualified | Action Required | 5 | 3900.00 USD | 44 | 13 | 6 | Postal code and city do not match. |
Redwing \u001b[31mArcades | containers | Gaming | JP | Prospect | Rejected | 3 | 1500.00 USD | 30 | 50 | 41 | Duplicate of an opportunity AWS already works on. |
Velvet Anchor Spirits | ai | Consumer Goods | FR | Qualified | Rejected | 4 | 2200.00 EUR | 20 | 64 | 52 | No customer consent on file. |
Northgate Tram Works | migration | Manufacturing | DE | Prospect | Approved | 3 | 14200.00 EUR | 70 | 30 | 4 | | future
Saffron Road Foods | lake | Consumer Goods | IN | Prospect | Approved | 4 | 6400.00 USD | 58 | 35 | 22 | | encoded
Juniper Lane Pharmacies | contact | Healthcare | PT | Qualified | Approved | 1 | 5600.00 EUR | 25 | 42 | 2 | |
<!channel> Logistics | migration | Transportation and Logistics | US | Qualified | Approved | 5 | 11900.00 USD | 3 | 44 | 7 | |
Brightside 🚀 Robotics | iot | Manufacturing | IT | Qualified | Approved | 2 | 19800.00 EUR | 64 | 28 | 19 | | future
מאפיית שיבולת הזהב | ai | Retail | IL | Technical Validation | Approved | 3 | 4300.00 USD | 6 | 51 | 12 | |
Copperfield & Wren: Optics | lake | Manufacturing | NL | Technical Validation | Approved | 4 | 13700.00 EUR | 39 | 60 | 27 | | encoded
Stonecrop Water Authority | security | Government | US | Technical Validation | Approved | 0 | 41500.00 USD | 85 | 47 | 5 | | security
=HYPERLINK("evil.example") Farms | backup | Agriculture | BR | Business Validation | Approved | 5 | 2900.00 USD | 1 | 66 | 9 | |
Glasswing Biotech | ai | Life Sciences | GB | Business Validation | Approved | 3 | 36200.00 USD | -6 | 72 | 34 | |
Palisade Mutual Bank | sap | Financial Services | DE | Business Validation | Approved | 4 | 58000.00 EUR | 18 | 80 | 3 | | future
Old Quarter Theatres | containers | Media and Entertainment | ES | Committed | Approved | 2 | 3100.00 EUR | 4 | 90 | 6 | |
Windrush Agritech | iot | Agriculture | FR | Committed | Approved | 5 | 8800.00 EUR | -11 | 97 | 16 | |
Ironbridge Couriers | migration | Transportation and Logistics | GB | Launched | Approved | 3 | 17400.00 USD | -20 | 160 | 24 | |
Lantern Street Media | lake | Media and Entertainment | US | Launched | Approved | 1 | 9900.00 USD | -45 | 210 | 50 | |
Mossgate Brewing | backup | Consumer Goods | IE | Closed Lost | Approved | 4 | 1200.00 EUR | -15 | 120 | 33 | Price |
Halcyon Yachts | contact | Travel | IT | Closed Lost | Approved | 2 | 7300.00 EUR | -30 | 140 | 48 | Lost to Competitor - Google |
Wildrose Credit Union | security | Financial Services | CA | Prospect | - | 0 | 12100.00 USD | 50 | 7 | 7 | | aws
مصنع زهرة الريح | migration | Manufacturing | AE | Qualified | - | 3 | 26300.00 USD | 5 | 38 | 17 | | aws
Pale Moon \u202Egnp.exe\u202C Studios | containers | Media and Entertainment | JP | Technical Validation | - | 4 | 4700.00 USD | 32 | 29 | 4 | | aws
Fernhollow Defence Labs | security | Government | US | Qualified | - | 2 | 66000.00 USD | 73 | 18 | 3 | | aws security
Bluebell Rail & Tram | sap | Transportation and Logistics | GB | Business Validation | - | 5 | 33400.00 USD | -3 | 55 | 21 | | aws encoded
`;

/** Seeded last, so that whatever was there before keeps its number. */
const MORE = `
Lighthouse & Vane: Logistics | lake | Transportation and Logistics | GB | Technical Validation | Approved | 3 | 16800.00 USD | 46 | 33 | 5 | | solution=S-0001235 contact=4
Ravensworth Glass Works | migration | Manufacturing | DE | Business Validation | Approved | 4 | 23100.00 EUR | 21 | 58 | 6 | | solution=other contact=rep
Harrow & Pike Ironmongers | sap | Retail | GB | Committed | Approved | 3 | 12400.00 USD | 19 | 75 | 4 | | solution=other contact=0
Teasel Bank Textiles | containers | Manufacturing | PT | Committed | Approved | 5 | 9700.00 EUR | 24 | 82 | 3 | | solution=S-0001234 aws-stage=Launched
Cormorant Pilot Boats | iot | Transportation and Logistics | SE | Qualified | Action Required | 3 | 7700.00 EUR | 63 | 22 | 12 | The website leads nowhere, and the business problem does not say what stands still today. Please correct the website and the customer business problem. | touched=2 contact=4
Almond Court Dentists | contact | Healthcare | ES | Prospect | Action Required | 4 | 150.00 USD | 34 | 15 | 9 | USD 150 a month and a close date in five weeks do not fit a contact centre. Please review the amount and the target close date. | touched=1
Quarry Lane Cider | ai | Consumer Goods | GB | Qualified | Rejected | 3 | 2600.00 USD | 45 | 20 | 14 | AWS already works with this customer on the same project. | touched=4
Saltmarsh Nature Fund 🦆 | lake | Non-Profit Organization | NL | Qualified | In review | 5 | 3800.00 EUR | 72 | 30 | 24 | | touched=20
Bellwether Wool Exchange | backup | Agriculture | AU | Prospect | Submitted | 4 | 5100.00 USD | 66 | 8 | 3 | | touched=1
REDACTED | security | Government | US | Technical Validation | Approved | 3 | 48000.00 USD | 54 | 40 | 6 | | security redacted solution=S-0001236
`;

export interface OpportunityLine {
  company: string;
  theme: string;
  industry: string;
  country: string;
  stage: string;
  review: string;
  owner: number;
  spend: string;
  closesIn: number;
  createdAgo: number;
  /** Absent: nobody wrote a next step yet. */
  stepAgo?: number;
  note: string;
  marks: string[];
  /** The id of its solution, or `other`. Absent: as its number and stage have it. */
  solution?: string;
  contact?: string;
  /** Absent: changed last by its next step. */
  touchedAgo?: number;
  awsStage?: string;
}

export const OPPORTUNITIES = lines(TEXT);
export const MORE_OPPORTUNITIES = lines(MORE);

function lines(text: string): OpportunityLine[] {
  return table(text, 13).map(line);
}

function line(cells: string[]): OpportunityLine {
  const [company = '', theme = '', industry = '', country = '', stage = '', review = ''] = cells;
  const [owner, spend = '', closesIn, createdAgo, stepAgo, note = '', marks = ''] = cells.slice(6);
  return {
    ...{ company, theme, industry, country, stage, review, spend, note },
    owner: Number(owner),
    closesIn: Number(closesIn),
    createdAgo: Number(createdAgo),
    ...(stepAgo === '-' ? {} : { stepAgo: Number(stepAgo) }),
    ...valuesOf(marks),
    marks: marks.split(' '),
  };
}

function valuesOf(marks: string): Partial<OpportunityLine> {
  const value = (name: string): string | undefined => RegExp(`${name}=(\\S+)`).exec(marks)?.[1];
  const [solution, contact] = [value('solution'), value('contact')];
  const [touched, awsStage] = [value('touched'), value('aws-stage')];
  return {
    ...(solution === undefined ? {} : { solution }),
    ...(contact === undefined ? {} : { contact }),
    ...(touched === undefined ? {} : { touchedAgo: Number(touched) }),
    ...(awsStage === undefined ? {} : { awsStage }),
  };
}
