/**
 * The closed lists AWS checks requests against, as they go over the wire (service model of 2026-10-01). Use cases,
 * marketing use cases and programmes are plain strings in the model; the service itself holds those lists. Lists that
 * the desk offers too stand in pipeline/picklists.ts.
 */

export const DELIVERY_MODELS = list(`
SaaS or PaaS | BYOL or AMI | Managed Services | Professional Services | Resell | Other`);

export const SALES_ACTIVITIES = list(`
Initialized discussions with customer | Customer has shown interest in solution | Conducted POC / Demo |
In evaluation / planning stage | Agreed on solution to Business Problem | Completed Action Plan |
Finalized Deployment Need | SOW Signed`);

export const PRIMARY_NEEDS = list(`
Co-Sell - Architectural Validation | Co-Sell - Business Presentation | Co-Sell - Competitive Information |
Co-Sell - Pricing Assistance | Co-Sell - Technical Consultation |
Co-Sell - Total Cost of Ownership Evaluation | Co-Sell - Deal Support |
Co-Sell - Support for Public Tender / RFx`);

export const COMPETITORS = list(`
Oracle Cloud | On-Prem | Co-location | Akamai | AliCloud | Google Cloud Platform | IBM Softlayer |
Microsoft Azure | Other- Cost Optimization | No Competition | *Other`);

export const OPPORTUNITY_TYPES = list(`
Net New Business | Flat Renewal | Expansion`);

export const CHANNELS = list(`
AWS Marketing Central | Content Syndication | Display | Email | Live Event | Out Of Home (OOH) | Print |
Search | Social | Telemarketing | TV | Video | Virtual Event`);

export const REVENUE_MODELS = list(`
Contract | Pay-as-you-go | Subscription`);

/** Why a task failed. */
export const REASON_CODES = list(`
InvitationAccessDenied | InvitationValidationFailed | EngagementAccessDenied | OpportunityAccessDenied |
ResourceSnapshotJobAccessDenied | ResourceSnapshotJobValidationFailed | ResourceSnapshotJobConflict |
EngagementValidationFailed | EngagementConflict | OpportunitySubmissionFailed |
EngagementInvitationConflict | InternalError | OpportunityValidationFailed | OpportunityConflict |
ResourceSnapshotAccessDenied | ResourceSnapshotValidationFailed | ResourceSnapshotConflict |
ServiceQuotaExceeded | RequestThrottled | ContextNotFound | CustomerProjectContextNotPermitted |
DisqualifiedLeadNotPermitted`);

/** Project.CustomerUseCase. */
export const USE_CASES = list(`
AI Machine Learning and Analytics | Archiving |
Big Data: Data Warehouse / Data Integration / ETL / Data Lake / BI | Blockchain |
Business Applications: Mainframe Modernization | Business Applications & Contact Center |
Business Applications & SAP Production | Centralized Operations Management | Cloud Management Tools |
Cloud Management Tools & DevOps with Continuous Integration & Continuous Delivery (CICD) |
Configuration, Compliance & Auditing | Connected Services | Containers & Serverless |
Content Delivery & Edge Services | Database | Edge Computing / End User Computing | Energy |
Enterprise Governance & Controls | Enterprise Resource Planning | Financial Services |
Healthcare and Life Sciences | High Performance Computing | Hybrid Application Platform |
Industrial Software | IOT | Manufacturing, Supply Chain and Operations |
Media & High performance computing (HPC) | Migration / Database Migration |
Monitoring, logging and performance | Monitoring & Observability | Networking | Outpost | SAP |
Security & Compliance | Storage & Backup | Training | VMC | VMWare | Web development & DevOps`);

export const MARKETING_USE_CASES = list(`
AI/ML | Analytics | Application Integration | Blockchain | Business Applications |
Cloud Financial Management | Compute | Containers | Customer Engagement | Databases | Developer Tools |
End User Computing | Front End Web & Mobile | Game Tech | IoT | Management & Governance | Media Services |
Migration & Transfer | Networking & Content Delivery | Quantum Technologies | Robotics | Satellite |
Security | Serverless | Storage | VR & AR`);

/** Any other programme becomes null without a word (ACE data model, Project.ApnPrograms). */
export const APN_PROGRAMS = list(`
APN Immersion Days | APN Solution Space | ATO (Authority to Operate) | AWS Marketplace Campaign |
IS Immersion Day SFID Program | ISV Workload Migration | Migration Acceleration Program | P3 |
Partner Launch Initiative | Partner Opportunity Acceleration Funded | The Next Smart |
VMware Cloud on AWS | Well-Architected | Windows | Workspaces/AppStream Accelerator Program | WWPS NDPP`);

export const CURRENCIES = `
USD EUR GBP AUD CAD CNY NZD INR JPY CHF SEK AED AFN ALL AMD ANG AOA ARS AWG AZN BAM BBD BDT BGN BHD
BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CDF CHE CHW CLF CLP COP COU CRC CUC CUP CVE CZK DJF DKK
DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS IQD IRR ISK JMD
JOD KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR
MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
SBD SCR SDG SGD SHP SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USN
UYI UYU UZS VEF VND VUV WST XAF XCD XDR XOF XPF XSU XUA YER ZAR ZMW ZWL`
  .trim()
  .split(/\s+/);

function list(text: string): string[] {
  return text
    .trim()
    .split('|')
    .map((value) => value.trim());
}
