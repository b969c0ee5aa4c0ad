/** Texts of policies, by name. The kernel and this program's reader must agree about each. */
const HEX = 'aB'.repeat(32);
const DENY = 'DEFAULT action=DENY';

/** Below a header with the name of the case. */
const BELOW: Readonly<Record<string, string>> = {
  plain: DENY,
  comments: `# one\n${DENY} # two\n#three`,
  'tabs-and-cr': `\tDEFAULT\t action=DENY  \r\rop=EXECUTE\tboot_verified=TRUE   action=ALLOW\t\r\n`,
  'vertical-tab-at-the-end': `${DENY}\v`,
  'vertical-tab-between': `DEFAULT\vaction=DENY`,
  'no-break-space-at-the-end': `${DENY}\xa0`,
  'no-properties': `${DENY}\nop=FIRMWARE action=ALLOW`,
  'digest-in-capitals': `${DENY}\nop=EXECUTE dmverity_roothash=sha256:${HEX} action=ALLOW`,
  'root-hash-and-signature': `${DENY}\nop=EXECUTE dmverity_roothash=sha256:${HEX} dmverity_signature=TRUE action=DENY`,
  'property-twice': `${DENY}\nop=EXECUTE boot_verified=TRUE boot_verified=TRUE action=ALLOW`,
  'defaults-of-operations': [
    'EXECUTE',
    'FIRMWARE',
    'KMODULE',
    'KEXEC_IMAGE',
    'KEXEC_INITRAMFS',
    'POLICY',
    'X509_CERT',
  ]
    .map((operation) => `DEFAULT op=${operation} action=ALLOW`)
    .join('\n'),
  'a-default-missing': ['EXECUTE', 'FIRMWARE', 'KMODULE', 'KEXEC_IMAGE', 'KEXEC_INITRAMFS', 'POLICY']
    .map((operation) => `DEFAULT op=${operation} action=ALLOW`)
    .join('\n'),
  'no-default': 'op=EXECUTE action=ALLOW',
  nothing: '',
  'default-twice': `${DENY}\n${DENY}`,
  'default-of-an-operation-twice': `${DENY}\nDEFAULT op=POLICY action=DENY\nDEFAULT op=POLICY action=ALLOW`,
  'default-with-a-property': `DEFAULT op=EXECUTE boot_verified=TRUE action=DENY\n${DENY}`,
  'default-alone': `${DENY}\nDEFAULT`,
  'default-in-lowercase': `${DENY}\ndefault action=DENY`,
  'default-behind': `${DENY}\nop=EXECUTE DEFAULT action=DENY`,
  'action-in-lowercase': `${DENY}\nop=EXECUTE action=allow`,
  'action-alone': `${DENY}\naction=ALLOW`,
  'operation-alone': `${DENY}\nop=EXECUTE`,
  'operation-behind': `${DENY}\nboot_verified=TRUE op=EXECUTE action=ALLOW`,
  'unknown-operation': `${DENY}\nop=MMAP action=ALLOW`,
  'unknown-property': `${DENY}\nop=EXECUTE signed=TRUE action=ALLOW`,
  'unknown-value': `${DENY}\nop=EXECUTE boot_verified=YES action=ALLOW`,
  'longer-value': `${DENY}\nop=EXECUTE boot_verified=TRUEST action=ALLOW`,
  'action-in-the-middle': `${DENY}\nop=EXECUTE action=ALLOW boot_verified=TRUE`,
  'two-operations': `${DENY}\nop=EXECUTE op=KMODULE action=ALLOW`,
  'digest-without-algorithm': `${DENY}\nop=EXECUTE dmverity_roothash=${HEX} action=ALLOW`,
  'digest-of-odd-length': `${DENY}\nop=EXECUTE dmverity_roothash=sha256:${HEX}1 action=ALLOW`,
  'digest-not-hexadecimal': `${DENY}\nop=EXECUTE dmverity_roothash=sha256:${'xy'.repeat(32)} action=ALLOW`,
  semicolons: `${DENY};`,
};

/** Versions, in a header. */
const VERSIONS: Readonly<Record<string, string>> = {
  'version-zeros': '0.0.0',
  'version-largest': '65535.65535.65535',
  'version-leading-zeros': '001.02.3',
  'version-plus': '+1.2.3',
  'version-minus': '-1.2.3',
  'version-too-large': '1.65536.0',
  'version-two-parts': '1.2',
  'version-four-parts': '1.2.3.4',
  'version-empty-part': '1..3',
  'version-hexadecimal': '1.0x2.3',
  'version-letters': '1.2.x',
};

export const GRAMMAR: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(BELOW).map(([name, text]) => [name, `policy_name=${name} policy_version=1.0.0\n${text}`]),
  ),
  ...Object.fromEntries(
    Object.entries(VERSIONS).map(([name, version]) => [
      name,
      `policy_name=${name} policy_version=${version}\n${DENY}`,
    ]),
  ),
  'header-behind': `${DENY}\npolicy_name=header-behind policy_version=1.0.0`,
  'header-turned-round': `policy_version=1.0.0 policy_name=header-turned-round\n${DENY}`,
  'header-twice': `policy_name=header-twice policy_version=1.0.0\npolicy_name=b policy_version=1.0.0\n${DENY}`,
  'header-in-two-lines': `policy_name=header-in-two-lines\npolicy_version=1.0.0\n${DENY}`,
  'header-with-more': `policy_name=header-with-more policy_version=1.0.0 more\n${DENY}`,
  'header-indented': `# first\n \t policy_name=header-indented\t\tpolicy_version=1.0.0 # x\n${DENY}`,
  'name-empty': `policy_name= policy_version=1.0.0\n${DENY}`,
};

/** What the kernel accepts and this program refuses: the digest never matches. */
export const STRICTER: Readonly<Record<string, string>> = {
  'digest-too-short': `policy_name=digest-too-short policy_version=1.0.0\n${DENY}\nop=EXECUTE dmverity_roothash=sha256:abcd action=ALLOW`,
  'digest-too-long': `policy_name=digest-too-long policy_version=1.0.0\n${DENY}\nop=EXECUTE dmverity_roothash=sha256:${HEX}00 action=ALLOW`,
};
