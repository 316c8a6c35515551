/** AWS Partner Central, as much of it as ace-desk asks. Always the real SDK; in practice mode its handler stays in process. */
import {
  PartnerCentralSellingClient,
  type PartnerCentralSellingClientConfig,
} from '@aws-sdk/client-partnercentral-selling';
import type { Log } from '../log.ts';
import { type Operations, operations } from './operations.ts';
import type { Pace } from './pace.ts';
import { createWire } from './wire.ts';

export interface PartnerCentralOptions {
  /** 'AWS' is production. */
  catalog: 'Sandbox' | 'AWS';
  /** Checked by the configuration: loopback or AWS's hosts. */
  endpoint?: string;
  /** The only region that has this service. */
  region: 'us-east-1';
  credentials?: NonNullable<PartnerCentralSellingClientConfig['credentials']>;
  /** Practice mode: answers in process. */
  requestHandler?: NonNullable<PartnerCentralSellingClientConfig['requestHandler']>;
  pace: Pace;
  timeoutMs?: number;
  log: Log;
}

const ENDPOINT = 'https://partnercentral-selling.us-east-1.api.aws';
export interface PartnerCentral extends Operations {
  catalog: string;
  /** The same house through the back door: every call of it lets a person's call go first. */
  forSync: Operations;
  /** Turns away what waits for a slot and closes the connections. */
  close(): void;
}

/** Nothing is retried in here: the Change is the retry. A call takes at most `timeoutMs` once its slot has come. */
export function createPartnerCentral(options: PartnerCentralOptions): PartnerCentral {
  const { catalog, pace, timeoutMs = 10_000, log } = options;
  const client = sdk(options);
  const call = createWire({ client, pace, timeoutMs, log });
  return {
    catalog,
    ...operations(catalog, call),
    forSync: operations(catalog, (command, how) => call(command, { priority: 'sync', ...how })),
    close() {
      pace.stop();
      client.destroy();
    },
  };
}

function sdk({ endpoint = ENDPOINT, region, credentials, requestHandler }: PartnerCentralOptions) {
  // The SDK's documented switch: Node 20 is supported by the pinned version, and scripts read our output.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  return new PartnerCentralSellingClient({
    region,
    // Always given, or AWS_ENDPOINT_URL and profiles could send the pipeline to a host nobody checked.
    endpoint,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    // The Change is the retry; a retry in here would be unpaced and without its read before the send.
    maxAttempts: 1,
    retryMode: 'standard',
    ...(credentials ? { credentials } : {}),
    ...(requestHandler ? { requestHandler } : {}),
  });
}
