/** What the shapes of requests are made of. Lengths, patterns and lists are the service model's (2026-10-01). */
import { z } from 'zod';

export const object = z.looseObject;
export const optional = <Shape extends z.ZodType>(shape: Shape) => shape.optional();
export const oneOf = (values: readonly string[]) => optional(z.enum(values));
export const someOf = (values: readonly string[]) => optional(z.array(z.enum(values)));

/** Lengths count code points, as the model's patterns do. */
export const text = (min: number, max: number) =>
  optional(z.string().regex(new RegExp(`^[^]{${min},${max}}$`, 'u')));
export const matching = (pattern: RegExp) => optional(z.string().regex(pattern));

export const day = matching(/^[1-9][0-9]{3}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$/);
export const moment = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), { params: { format: true } });
export const email = matching(
  /^(?=.{0,80}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
);
export const phone = matching(/^\+[1-9]\d{1,14}$/);
export const amount = /^((0|([1-9][0-9]{0,30}))(\.[0-9]{0,2})?)?$/;
export const opportunityId = z.string().regex(/^O[0-9]{1,19}$/);
export const invitationId = z.string().regex(/^(?=.{1,255}$)(arn:.*|engi-[0-9a-z]{13})$/);
export const engagementId = z.string().regex(/^(arn:.*|eng-[0-9a-z]{14})$/);
export const taskId = z.string().regex(/^(arn:.*|task-[0-9a-z]{13})$/);
export const awsAccount = z.string().regex(/^([0-9]{12}|\w{1,12})$/);
export const catalog = z.string().regex(/^[a-zA-Z]+$/);
export const estimate =
  /^https:\/\/(calculator\.aws|pricing\.calculator\.aws\.eu)\/#\/estimate\?id=[a-f0-9]{32,64}$/;

export const base = { Catalog: catalog };
export const sort = (names: readonly string[]) =>
  optional(
    object({
      SortBy: z.enum(names),
      SortOrder: z.enum(['ASCENDING', 'DESCENDING']),
    }),
  );
export const page = (max: number) => ({
  MaxResults: optional(z.int().min(1).max(max)),
  NextToken: optional(z.string().min(1).max(2048)),
});
export const range = (name: string, moments: z.ZodType<string | undefined>) =>
  optional(object({ [`After${name}`]: moments, [`Before${name}`]: moments }));
export const upTo = (max: number, member: z.ZodType<string>, min = 0) =>
  optional(z.array(member).min(min).max(max));
