/** Waiting for what may never answer. */

/** As `asked` settles; `late` if it has not after `ms` milliseconds. */
export async function inTime<Result, Late>(
  ms: number,
  asked: Promise<Result>,
  late: Late,
): Promise<Result | Late> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<Late>((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  try {
    return await Promise.race([asked, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
