/** `photoglot keygen`: a key pair for signing manifests. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Failure } from './failure.mjs';
import { publicKeyText } from './signing-key.mjs';

const HELP = `Usage: photoglot keygen [--out FILE]

Makes an Ed25519 key pair. The private key goes into FILE (PKCS #8, PEM, readable by you alone); the
public key is printed, to be passed to the SDK as "publicKey". An existing FILE is not touched.

  --out FILE  default photoglot-key.pem`;

/** @type {import('./main.mjs').Command} */
export const keygen = {
  name: 'keygen',
  summary: 'makes a key pair for signing',
  help: HELP,
  positionals: [],
  options: { out: { type: 'string', default: 'photoglot-key.pem' } },
  async run(values) {
    const out = String(values['out']);
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
    // `wx` refuses what exists: a lost key cannot be made again.
    await writeFile(out, pem, { mode: 0o600, flag: 'wx' }).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
      throw new Failure(`${out} exists and is left as it is. Choose another name with --out.`);
    });
    console.error(`Private key: ${out}. Keep it secret, and out of the folder that you serve.`);
    console.error('Public key:');
    console.log(publicKeyText(privateKey));
    return 0;
  },
};
