/** Bytes as text, which is what crosses to the driver. */
export function toBase64(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      // A string, as a data URL was asked for.
      resolve((reader.result as string).replace(/^[^,]*,/, ''));
    };
    reader.onerror = () => {
      reject(new Error('The bytes could not be encoded.', { cause: reader.error }));
    };
    reader.readAsDataURL(bytes);
  });
}
