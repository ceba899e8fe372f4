/** A turn of the event loop. */

/**
 * Resolves in a task of its own: messages that have arrived are handled before. Unlike
 * `setTimeout` it is not slowed down when called again and again.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
