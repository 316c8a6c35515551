/**
 * The partner's solutions as they stand in AWS Partner Central, a line each; one name is hostile on purpose.
 *
 * id | name | status | category | created days ago
 */
import { table } from './table.ts';

const TEXT = `
S-0001234 | Cloud Migration Factory | Active | Professional Service | 420
S-0001235 | Data Lake in Ten Days: Sales & Stock | Active | Managed Service | 310
S-0001236 | <!here> *Audit* Kit & "Evidence" 🔐 | Active | Software Product | 150
S-0001237 | Lift for SAP, 2019 edition | Inactive | Professional Service | 900
S-0001238 | Contact Centre Starter | Draft | Managed Service | 12
`;

export interface SolutionLine {
  id: string;
  name: string;
  status: string;
  category: string;
  createdAgo: number;
}

export const SOLUTIONS: SolutionLine[] = table(TEXT, 5).map(
  ([id = '', name = '', status = '', category = '', createdAgo]) => ({
    ...{ id, name, status, category },
    createdAgo: Number(createdAgo),
  }),
);
