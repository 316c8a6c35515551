/** Whether a request is signed at all, for this service. The signature itself is not recomputed. */
import { Refusal, type WireRequest } from './wire.ts';

const SIGNED =
  /^AWS4-HMAC-SHA256 Credential=[^/\s]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=\S+, ?Signature=[0-9a-f]{64}$/;

/** Throws MissingAuthenticationTokenException without a signature, InvalidSignatureException for another service. */
export function assertSigned({ headers }: WireRequest): void {
  const authorization = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (!authorization) {
    throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const [, region, service] = SIGNED.exec(authorization) ?? [];
  if (region !== 'us-east-1' || service !== 'partnercentral-selling') {
    throw new Refusal(
      'InvalidSignatureException',
      'Credential should be scoped to us-east-1/partnercentral-selling.',
    );
  }
}
