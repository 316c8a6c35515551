/**
 * Leads, a line each: those that wait as invitations, then those accepted with what became of them.
 *
 * company | theme | industry | country | segment | maturity | source | campaign | contact's title | invited hours ago |
 * status: PENDING, or how the accepted lead is qualified
 */
import { table } from './table.ts';

const TEXT = `
Fennel & Rye Delicatessen | ai | Retail | DE | Small | Evaluating | Campaign | Data for grocers: spring webinar | Owner | 3 | PENDING
Skylark Drone Surveys | lake | Aerospace | US | Medium | Single-Account | Marketplace | Drone week | Chief Technology Officer | 49 | PENDING
<b>Bold</b> Moves Removals | contact | Transportation and Logistics | GB | Medium | Evaluating | Campaign | Talk to your customers | Head of Service | 101 | PENDING
Tallow Lane Candles | containers | Consumer Goods | FR | Micro | Evaluating | Event | Small shops summit | Founder | 170 | Unqualified
Ferrous Park Foundry | sap | Manufacturing | IT | Large | Multi-Account | Campaign | SAP without hardware | Head of IT | 260 | Open
Ember & Ash Restaurants | ai | Hospitality | ES | Medium | Single-Account | Campaign | Forecasts that feed | Head of Purchasing | 300 | Research
Summit Trail Rescue 🏔️ | iot | Non-Profit Organization | SE | Small | Evaluating | Referral | Connected outdoors | Operations Lead | 390 | Qualified
Hollow Oak Antiques | backup | Retail | IE | Micro | Evaluating | Campaign | Restore in hours | Owner | 480 | Disqualified
`;

/** Where leads of the partner's own listing come from: only the alliance lead may see them (sales guide). */
export const PSF = 'AWS Partner Solutions Finder';

/** Seeded last. */
const MORE = `
Wexcombe Chess Academy | ai | Education | GB | Small | Evaluating | ${PSF} | Partner listing | Head of Teaching | 20 | PENDING
Brindle Bay Watersports | iot | Travel | PT | Medium | Single-Account | ${PSF} | Partner listing | Operations Lead | 210 | Qualified
`;

export interface LeadLine {
  company: string;
  theme: string;
  industry: string;
  country: string;
  segment: string;
  maturity: string;
  source: string;
  campaign: string;
  contactTitle: string;
  invitedHoursAgo: number;
  status: string;
}

export const LEADS: LeadLine[] = table(TEXT, 11).map(line);
export const MORE_LEADS: LeadLine[] = table(MORE, 11).map(line);

function line(cells: string[]): LeadLine {
  const [company = '', theme = '', industry = '', country = '', segment = '', maturity = ''] = cells;
  const [source = '', campaign = '', contactTitle = '', invitedAgo, status = ''] = cells.slice(6);
  return {
    ...{ company, theme, industry, country, segment, maturity, source, campaign, contactTitle, status },
    invitedHoursAgo: Number(invitedAgo),
  };
}
