/** Web Locks, which are absent outside secure contexts and browsers, whatever the type says. */
export function lockManager(): LockManager | undefined {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: LockManager } };
  return navigator?.locks;
}
