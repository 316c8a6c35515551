/**
 * Whether an activity comes from Teams, for us, and of a tenant that we serve. Our own check instead of botbuilder's, which
 * lets pass tokens of any tenant and activities without a service URL, and trusts other issuers besides the channel's.
 */
import { type JWTHeaderParameters, jwtVerify } from 'jose';
import { z } from 'zod';
import { createKeys, type KeysOptions, KeysUnavailable } from './keys.ts';
import { isSafeUrl } from './service-url.ts';

export interface AuthOptions extends KeysOptions {
  appId: string;
  /** Lower case. */
  tenants: ReadonlySet<string>;
}

export interface Auth {
  /** Throws `Unauthorized`, or `KeysUnavailable` when it cannot be told now. */
  verify(authorization: string | undefined, activity: unknown): Promise<void>;
}

/** `message`: which check failed; a fixed word, nothing of the token. */
export class Unauthorized extends Error {
  override name = 'Unauthorized';
}

const ISSUER = 'https://api.botframework.com';
const CHANNEL = 'msteams';
const LEEWAY_S = 300;

export function createAuth({ appId, tenants, ...options }: AuthOptions): Auth {
  const keys = createKeys(options);
  const keyOf = async ({ kid }: JWTHeaderParameters) => {
    const found = kid ? await keys.find(kid) : undefined;
    if (!found) throw new Unauthorized('unknown key');
    if (!found.endorsements.includes(CHANNEL)) throw new Unauthorized('key of another channel');
    return found.key;
  };
  /** The claims of a token that the channel signed for us, within its time. */
  const claimsOf = async (token: string): Promise<Record<string, unknown>> => {
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: ['RS256'],
        issuer: ISSUER,
        audience: appId,
        clockTolerance: LEEWAY_S,
        requiredClaims: ['exp'],
        currentDate: options.now(),
      });
      return payload;
    } catch (error) {
      // Whatever else jose finds wrong is one thing to whoever sent it.
      if (error instanceof KeysUnavailable || error instanceof Unauthorized) throw error;
      throw new Unauthorized('token');
    }
  };
  return {
    async verify(authorization, activity) {
      const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '') ?? [];
      if (!token) throw new Unauthorized('no token');
      const { data: said } = SAID.safeParse(activity);
      if (!said) throw new Unauthorized('activity');
      const claims = await claimsOf(token);
      if (claims.serviceurl !== said.serviceUrl) throw new Unauthorized('service URL');
      if (!tenantsOf(said).every((tenant) => tenants.has(tenant))) throw new Unauthorized('tenant');
    },
  };
}

const tenantId = z.string().min(1).toLowerCase().nullish();
const SAID = z
  .object({
    channelId: z.literal(CHANNEL),
    serviceUrl: z.string().refine(isSafeUrl),
    conversation: z.object({ tenantId }).nullish(),
    channelData: z.object({ tenant: z.object({ id: tenantId }).nullish() }).nullish(),
  })
  .refine((said) => tenantsOf(said).length > 0);

/** The activity names its tenant in two places; each must be one of ours. */
function tenantsOf(said: {
  conversation?: { tenantId?: string | null | undefined } | null | undefined;
  channelData?: { tenant?: { id?: string | null | undefined } | null | undefined } | null | undefined;
}): string[] {
  const named = [said.conversation?.tenantId, said.channelData?.tenant?.id];
  return named.filter((id) => typeof id === 'string');
}
