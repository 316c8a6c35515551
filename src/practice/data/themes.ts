/** What the practised deals are about. Use cases are AWS's own words; everything else is invented. */
export interface Theme {
  useCase: string;
  title: string;
  problem: string;
  delivery: string;
  /** What was written as next step, oldest first. */
  steps: [string, string, string];
}

export const THEMES: Record<string, Theme> = {
  migration: {
    useCase: 'Migration / Database Migration',
    title: 'Leave the data centre before the lease ends',
    problem:
      'The data centre lease ends next year and forty databases still run on hardware without support.',
    delivery: 'Professional Services',
    steps: [
      'Inventory of the forty databases agreed with operations',
      'Migration assessment presented to the CIO',
      'Workshop on the cut-over weekend with the database team',
    ],
  },
  lake: {
    useCase: 'Big Data: Data Warehouse / Data Integration / ETL / Data Lake / BI',
    title: 'One data lake: sales, stock & service',
    problem: 'Sales, stock & service figures live in nine systems: reports take a week and never agree.',
    delivery: 'SaaS or PaaS',
    steps: [
      'Sources listed: nine systems & their owners',
      'Proof of concept on two sources shown',
      'Sizing with the finance team: cost per month & report',
    ],
  },
  contact: {
    useCase: 'Business Applications & Contact Center',
    title: 'Contact centre in the cloud',
    problem: 'Calls wait eleven minutes on average and agents see no history of the person who calls.',
    delivery: 'Managed Services',
    steps: ['Call volumes received', 'Demo for the head of service', 'Pilot with twelve agents planned'],
  },
  security: {
    useCase: 'Security & Compliance',
    title: 'Audit-ready by the end of the quarter',
    problem:
      'An audit found no central log, shared administrator accounts and no proof of encryption at rest.',
    delivery: 'Managed Services',
    steps: [
      'Audit report received',
      'Gap list agreed with the CISO',
      'Landing zone review with AWS security',
    ],
  },
  ai: {
    useCase: 'AI Machine Learning and Analytics',
    title: 'Forecast demand by branch',
    problem:
      'Every branch orders by feeling; a fifth of the fresh goods is thrown away at the end of the week.',
    delivery: 'SaaS or PaaS',
    steps: [
      'Two years of till data received',
      'First forecast compared with last spring',
      'Pilot in six branches',
    ],
  },
  containers: {
    useCase: 'Containers & Serverless',
    title: 'Web shop that survives the sale',
    problem:
      'The shop falls over at every sale because it can only grow by ordering more servers in advance.',
    delivery: 'Professional Services',
    steps: ['Load figures of the last sale read', 'Architecture review done', 'Load test in the new account'],
  },
  sap: {
    useCase: 'SAP',
    title: 'SAP off the old hardware',
    problem: 'The SAP system runs on hardware out of support, and the upgrade needs twice the memory it has.',
    delivery: 'Professional Services',
    steps: [
      'Sizing report received',
      'Costs compared for three years',
      'Sandbox system copied for the basis team',
    ],
  },
  iot: {
    useCase: 'IOT',
    title: 'Machines that ask for service',
    problem: 'Service drives out to machines that run and comes too late to those that stand still.',
    delivery: 'SaaS or PaaS',
    steps: [
      'Ten machines connected',
      'Alarm rules agreed with field service',
      'Roll-out plan for 400 machines',
    ],
  },
  backup: {
    useCase: 'Storage & Backup',
    title: 'Restore in hours instead of days',
    problem:
      'The last restore from tape took four days; the insurer now asks for proof of a yearly exercise.',
    delivery: 'Resell',
    steps: ['Backup volumes measured', 'Restore exercise agreed', 'Offer with three retention classes'],
  },
};

/** A city AWS would accept for each country of the examples. */
export const CITIES: Record<string, { City: string; PostalCode: string; StateOrRegion?: string }> = {
  AE: { City: 'Dubai', PostalCode: '00000' },
  AU: { City: 'Perth', PostalCode: '6000', StateOrRegion: 'Western Australia' },
  BR: { City: 'Campinas', PostalCode: '13010-000' },
  CA: { City: 'Toronto', PostalCode: 'M5H 2N2', StateOrRegion: 'Ontario' },
  DE: { City: 'Berlin', PostalCode: '10115' },
  ES: { City: 'Valencia', PostalCode: '46001' },
  FR: { City: 'Lyon', PostalCode: '69001' },
  GB: { City: 'Leeds', PostalCode: 'LS1 4DY' },
  IE: { City: 'Cork', PostalCode: 'T12 X8N6' },
  IL: { City: 'Haifa', PostalCode: '3100000' },
  IN: { City: 'Pune', PostalCode: '411001' },
  IT: { City: 'Turin', PostalCode: '10121' },
  JP: { City: 'Osaka', PostalCode: '530-0001' },
  NL: { City: 'Rotterdam', PostalCode: '3011 AA' },
  PT: { City: 'Porto', PostalCode: '4000-001' },
  SE: { City: 'Gothenburg', PostalCode: '411 03' },
  US: { City: 'Buffalo', PostalCode: '14201', StateOrRegion: 'New York' },
};

/** People at the customer's, by turns. */
export const CUSTOMER_PEOPLE = [
  ['Nora', 'Lindqvist', 'Head of IT'],
  ['Samir', 'Haddad', 'Chief Financial Officer'],
  ['Grace', 'Mbeki', 'Chief Information Officer'],
  ['Pedro', 'Alcántara', 'Head of Operations'],
  ['Yuki', 'Tanabe', 'Director of Data'],
  ['Siobhán', "O'Rourke", 'Head of Service'],
  ['Milan', 'Novak', 'Enterprise Architect'],
] as const;

/** AWS's people, by turns. */
export const AWS_PEOPLE = [
  ['Dana', 'Whitlock', 'AWSSalesRep'],
  ['Ravi', 'Menon', 'AWSAccountOwner'],
  ['Elise', 'Fournier', 'PDM'],
  ['Marcus', 'Adeyemi', 'PSM'],
] as const;
