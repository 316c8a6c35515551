/** The partner's people in practice mode, at partner.example, and their places on records. */
import type { Person } from '../pipeline/person.ts';
import { type Doc, isDoc, type Json, listAt } from './json.ts';
import type { OpportunityRow, World } from './world.ts';

export type TeamMember = Omit<Person, 'id'>;

const PRACTICE_LEAD = 'lead@partner.example';

/** The alliance lead first, under the address given (ALLIANCE_LEAD_EMAIL), then five colleagues of every role. */
export const practiceTeam = (leadEmail: string = PRACTICE_LEAD): TeamMember[] => [
  member(leadEmail.toLowerCase(), 'Ana', 'Silva', 'alliance lead', 'Europe/Lisbon'),
  member('jonas.berg@partner.example', 'Jonas', 'Berg', 'alliance team', 'Europe/Stockholm'),
  member('mina.okafor@partner.example', 'Mina', 'Okafor', 'ACE manager', 'America/New_York'),
  member('priya.raman@partner.example', 'Priya', 'Raman', 'ACE user', 'Asia/Kolkata'),
  member('tom.keller@partner.example', 'Tom', 'Keller', 'ACE user', 'Europe/Berlin'),
  member('lucia.ferro@partner.example', 'Lucía', 'Ferro', 'ACE user', 'America/Sao_Paulo'),
];

const member = (
  email: string,
  firstName: string,
  lastName: string,
  role: Person['role'],
  timeZone: string,
): TeamMember => ({ email, otherEmails: [], firstName, lastName, role, timeZone });

/** The places on a record's team (ACE data model, OpportunityTeam.BusinessTitle). */
export const OWNER = 'OpportunityOwner';
export const SALES_CONTACT = 'PartnerAccountManager';

/** A user of Partner Central as a record names them. */
export const asMember = ({ email, firstName, lastName }: TeamMember): Doc => ({
  Email: email,
  FirstName: firstName,
  LastName: lastName,
});

/** The record with this person alone in the place of that title; the owner stands first. */
export function withTeamMember(record: Doc, title: string, person: Doc): Doc {
  const others = listAt(record, 'OpportunityTeam').filter((one) => !hasTitle(one, title));
  const member = { BusinessTitle: title, ...person };
  return { ...record, OpportunityTeam: title === OWNER ? [member, ...others] : [...others, member] };
}

const hasTitle = (member: Json, title: string): boolean => isDoc(member) && member.BusinessTitle === title;

/** The world with another alliance lead in every place of the one before, also on what is not accepted yet. */
export function withLead(world: World, email: string): World {
  const replace = (row: OpportunityRow): OpportunityRow => ({
    ...row,
    record: {
      ...row.record,
      OpportunityTeam: listAt(row.record, 'OpportunityTeam').map((one) =>
        renamed(one, world.leadEmail, email),
      ),
    },
  });
  const invitations = mapRows(world.invitations, (row) => {
    const { yields } = row;
    return yields?.opportunity
      ? { ...row, yields: { ...yields, opportunity: replace(yields.opportunity) } }
      : row;
  });
  return { ...world, leadEmail: email, invitations, opportunities: mapRows(world.opportunities, replace) };
}

const renamed = (member: Json, from: string, to: string): Json =>
  isDoc(member) && member.Email === from ? { ...member, Email: to } : member;

const mapRows = <Row>(rows: Record<string, Row>, change: (row: Row) => Row): Record<string, Row> =>
  Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, change(row)]));
