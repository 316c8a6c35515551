/** How long a platform waits for an answer, and what is promised by then. */

/** Milliseconds after a request's arrival. */
interface Waiting {
  budget: {
    /** Until then the desk may commit. */
    commit: number;
    /** Then the answer is given, whatever it is. */
    answer: number;
  };
  now(): Date;
}

/** The moment after which the desk may commit nothing: we promise an answer shortly after it. */
export const commitUntil = ({ budget }: Pick<Waiting, 'budget'>, arrived: Date): Date =>
  new Date(arrived.getTime() + budget.commit);

/** What `work` gives while the request that arrived then can still be answered; after that undefined (it goes on). */
export async function inTime<T>(
  { budget, now }: Waiting,
  arrived: Date,
  work: Promise<T>,
): Promise<T | undefined> {
  const left = arrived.getTime() + budget.answer - now().getTime();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, left), undefined);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
