/** A throw-away CA and signing certificate, made by openssl as a newcomer would make them. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixedEnvironment } from '../src/lib/process/environment.ts';
import { run } from '../src/lib/process/run.ts';

export interface DemoPki {
  /** The CA's certificate, which a node would trust. */
  ca: string;
  /** Leaf certificate, PEM. */
  certificate: string;
  /** Private key of the leaf, EC P-256, PKCS#8 PEM. */
  key: string;
}

const EXTENSIONS = `
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`;

/** Empties `dir` and writes keys and certificates to it. The paths are below `dir`. */
export async function makeDemoPki(dir: string): Promise<DemoPki> {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(join(dir, 'extensions.cnf'), EXTENSIONS);
  const openssl = (command: string) =>
    run(['openssl', ...command.split(' ')], { cwd: dir, env: fixedEnvironment(), timeout: 30_000 });
  for (const name of ['ca', 'leaf']) {
    await openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${name}.key`);
    await openssl(`req -new -key ${name}.key -subj /O=verity-sign-demo/CN=${name} -out ${name}.csr`);
    const issuer = name === 'ca' ? '-signkey ca.key' : '-CA ca.pem -CAkey ca.key -CAcreateserial';
    await openssl(
      `x509 -req -in ${name}.csr -days 365 -sha256 ${issuer} -extfile extensions.cnf -extensions ${name} -out ${name}.pem`,
    );
  }
  return { ca: join(dir, 'ca.pem'), certificate: join(dir, 'leaf.pem'), key: join(dir, 'leaf.key') };
}
