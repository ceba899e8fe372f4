/** Waiting for what may never answer, or fail, where a default will do. */

/** The result, or `otherwise` if it is not there after `ms` milliseconds or fails. Never rejects. */
export async function within<Result>(
  ms: number,
  ask: () => Promise<Result>,
  otherwise: Result,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(() => {
      resolve(otherwise);
    }, ms);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
