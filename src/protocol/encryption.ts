/** What the key of an encrypted collection comes from. */
export type Encryption =
  /** Any text; the key is made of it by PBKDF2-HMAC-SHA-256. It cannot be recovered. */
  | { readonly passphrase: string }
  /** AES-GCM with 256 bits and the usages `encrypt` and `decrypt`; it need not be extractable. */
  | { readonly key: CryptoKey };
