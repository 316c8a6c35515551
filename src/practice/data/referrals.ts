/**
 * Opportunity invitations received, a line each, and the customers that come when the script asks for a new one.
 *
 * company | theme | industry | country | a month | wanted in days | invited hours ago | expires in hours | state |
 * sender | message
 */
import { table } from './table.ts';

const TEXT = `
Marlow Street Pharmacies | contact | Healthcare | GB | 7800.00 USD | 60 | 44 | 5 | PENDING | aws | The customer asked for you by name & is in a hurry.
Evergrove Timber | migration | Manufacturing | SE | 12600.00 EUR | 75 | 216 | 144 | PENDING | aws | Please read the business problem: it is urgent.
Tamarind Airways | lake | Travel | IN | 45200.00 USD | 90 | 150 | 210 | PENDING | aws | Their data team met ours at the summit.
Dr. O'Hara's Smile Studios | backup | Healthcare | IE | 1700.00 EUR | 45 | 125 | 235 | PENDING | aws | Three practices, one tape drive.
Nimbus 🌧️ Umbrella Company | ai | Retail | GB | 5900.00 USD | 50 | 98 | 262 | PENDING | aws | Demand follows the weather. They know.
<https://evil.example¦Click here> Ltd | security | Software and Internet | US | 9300.00 USD | 40 | 73 | 287 | PENDING | aws | Audit in spring.
شركة سنابل الفجر | containers | Retail | AE | 14800.00 USD | 55 | 51 | 309 | PENDING | aws | Sale in eight weeks.
Cobalt Ridge Utilities | iot | Energy - Power and Utilities | AU | 23900.00 USD | 85 | 27 | 333 | PENDING | aws | 400 transformers, no telemetry.
@here Bakeries | ai | Consumer Goods | FR | 3600.00 EUR | 65 | 9 | 351 | PENDING | aws | Eleven branches.
Ashdown Vale Council | security | Government | GB | 28700.00 USD | 95 | 2 | 358 | PENDING | aws | Framework contract exists.
Pinecrest Outfitters | containers | Retail | CA | 6600.00 USD | 50 | 30 | 330 | PENDING | 444455556666 | We would like to bring you into this one.
Greywater Canals | migration | Transportation and Logistics | NL | 10400.00 EUR | 30 | 430 | -70 | PENDING | aws | We did not hear from you.
Tinker & Thread | contact | Retail | US | 2100.00 USD | 35 | 500 | -140 | EXPIRED | aws | Small team, quick decision.
Baywatch Crane Hire | iot | Real Estate and Construction | DE | 5400.00 EUR | 70 | 340 | 20 | REJECTED | aws | Cranes across four states.
Sunday Market Radio | lake | Media and Entertainment | PT | 1300.00 EUR | 40 | 290 | 70 | REJECTED | aws | Listener data in spreadsheets.
`;

/** Seeded last. The customer is one of ours already, under the same website: a possible duplicate. */
const MORE = `
Lighthouse & Vane Logistics | lake | Transportation and Logistics | GB | 15000.00 USD | 70 | 1 | 359 | PENDING | aws | They say that they know you already.
`;

export interface ReferralLine {
  company: string;
  theme: string;
  industry: string;
  country: string;
  spend: string;
  wantedIn: number;
  invitedHoursAgo: number;
  /** Negative: it has expired. */
  expiresInHours: number;
  state: string;
  /** `aws`, or another partner's account. */
  sender: string;
  message: string;
}

export const REFERRALS: ReferralLine[] = table(TEXT, 11).map(line);
export const MORE_REFERRALS: ReferralLine[] = table(MORE, 11).map(line);

function line(cells: string[]): ReferralLine {
  const [company = '', theme = '', industry = '', country = '', spend = ''] = cells;
  const [wantedIn, invitedAgo, expiresIn, state = '', sender = '', message = ''] = cells.slice(5);
  return {
    ...{ company, theme, industry, country, spend, state, sender, message },
    wantedIn: Number(wantedIn),
    invitedHoursAgo: Number(invitedAgo),
    expiresInHours: Number(expiresIn),
  };
}

/** By turns, each with its theme, industry and country. */
export const NEWCOMERS = table(
  `
Driftwood Coffee Roasters | ai | Consumer Goods | PT
Larch & Lowe Surveyors | lake | Professional Services | GB
Kingfisher Kayaks | containers | Retail | CA
Opal Coast Clinics | backup | Healthcare | AU
Brasswick Tools | iot | Manufacturing | DE
Moorland Credit Bank | security | Financial Services | IE
`,
  4,
);
