/** Words of Partner Central's picklists, exactly as it takes them (service model 2022-07-26, unless said otherwise). */

/** RejectionReason is free text of 1 to 80 characters; these are the ones the developer guide names for referrals. */
export const REJECTION_REASONS = [
  'Customer problem unclear',
  'Next steps unclear',
  'Unable to support',
  'Duplicate of partner referral',
  'Other',
] as const;
export const DUPLICATE: (typeof REJECTION_REASONS)[number] = 'Duplicate of partner referral';
export const MAX_REJECTION_REASON = 80;

export const CLOSED_LOST_REASONS = [
  'Customer Deficiency',
  'Delay / Cancellation of Project',
  'Legal / Tax / Regulatory',
  'Lost to Competitor - Google',
  'Lost to Competitor - Microsoft',
  'Lost to Competitor - SoftLayer',
  'Lost to Competitor - VMWare',
  'Lost to Competitor - Other',
  'No Opportunity',
  'On Premises Deployment',
  'Partner Gap',
  'Price',
  'Security / Compliance',
  'Technical Limitations',
  'Customer Experience',
  'Other',
  'People/Relationship/Governance',
  'Product/Technology',
  'Financial/Commercial',
] as const;

/** Of ExpectedCustomerSpend; EUR is a must in AWS's European sovereign partition. */
export const SPEND_CURRENCIES = ['USD', 'EUR'] as const;

export const SOLUTION_STATUSES = ['Active', 'Inactive', 'Draft'] as const;

/** Address.CountryCode: ISO 3166 alpha-2, without KP and XK, with the obsolete AN. */
export const COUNTRIES: readonly string[] = `
US AF AX AL DZ AS AD AO AI AQ AG AR AM AW AU AT AZ BS BH BD BB BY BE BZ BJ BM BT BO BQ BA BW BV BR
IO BN BG BF BI KH CM CA CV KY CF TD CL CN CX CC CO KM CG CK CR CI HR CU CW CY CZ CD DK DJ DM DO EC
EG SV GQ ER EE ET FK FO FJ FI FR GF PF TF GA GM GE DE GH GI GR GL GD GP GU GT GG GN GW GY HT HM VA
HN HK HU IS IN ID IR IQ IE IM IL IT JM JP JE JO KZ KE KI KR KW KG LA LV LB LS LR LY LI LT LU MO MK
MG MW MY MV ML MT MH MQ MR MU YT MX FM MD MC MN ME MS MA MZ MM NA NR NP NL AN NC NZ NI NE NG NU NF
MP NO OM PK PW PS PA PG PY PE PH PN PL PT PR QA RE RO RU RW BL SH KN LC MF PM VC WS SM ST SA SN RS
SC SL SG SX SK SI SB SO ZA GS SS ES LK SD SR SJ SZ SE CH SY TW TJ TZ TH TL TG TK TO TT TN TR TM TC
TV UG UA AE GB UM UY UZ VU VE VN VG VI WF EH YE ZM ZW`
  .trim()
  .split(/\s+/);

/** Address.StateOrRegion of the United States: free text in the model, checked by the service (developer guide). */
export const US_STATES: readonly string[] = `
Alabama | Alaska | American Samoa | Arizona | Arkansas | California | Colorado | Connecticut | Delaware |
Dist. of Columbia | Federated States of Micronesia | Florida | Georgia | Guam | Hawaii | Idaho |
Illinois | Indiana | Iowa | Kansas | Kentucky | Louisiana | Maine | Marshall Islands | Maryland |
Massachusetts | Michigan | Minnesota | Mississippi | Missouri | Montana | Nebraska | Nevada |
New Hampshire | New Jersey | New Mexico | New York | North Carolina | North Dakota |
Northern Mariana Islands | Ohio | Oklahoma | Oregon | Palau | Pennsylvania | Puerto Rico | Rhode Island |
South Carolina | South Dakota | Tennessee | Texas | Utah | Vermont | Virginia | Virgin Islands |
Washington | West Virginia | Wisconsin | Wyoming | APO/AE | AFO/FPO | FPO, AP`
  .trim()
  .split(/\s*\|\s*/);

/** Account.Industry. */
export const INDUSTRIES: readonly string[] = `
Aerospace | Agriculture | Automotive | Computers and Electronics | Consumer Goods | Education |
Energy - Oil and Gas | Energy - Power and Utilities | Financial Services | Gaming | Government |
Healthcare | Hospitality | Life Sciences | Manufacturing | Marketing and Advertising |
Media and Entertainment | Mining | Non-Profit Organization | Professional Services |
Real Estate and Construction | Retail | Software and Internet | Telecommunications |
Transportation and Logistics | Travel | Wholesale and Distribution | Other`
  .trim()
  .split(/\s*\|\s*/);
