/** Numeric, as Kubernetes demands where containers must not run as root. */
export const USER_ID = 65532;

/** Text files that Debian's packages write when they are installed; paths from the root. */
export const SYSTEM_FILES: Readonly<Record<string, string>> = {
  'etc/passwd': [
    'root:x:0:0:root:/root:/usr/sbin/nologin',
    `verity-sign:x:${USER_ID}:${USER_ID}:verity-sign:/home/verity-sign:/bin/sh`,
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    '',
  ].join('\n'),
  'etc/group': ['root:x:0:', `verity-sign:x:${USER_ID}:`, 'nogroup:x:65534:', ''].join('\n'),
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

/** The commands that are links to busybox: the shell of CI systems, and what their runners and scripts call. */
export const BUSYBOX_COMMANDS = [
  ...['[', 'awk', 'base64', 'basename', 'cat', 'chmod', 'cmp', 'cp', 'cut', 'date', 'diff', 'dirname', 'du'],
  ...['echo', 'env', 'expr', 'false', 'find', 'grep', 'gunzip', 'gzip', 'head', 'hostname', 'id', 'kill'],
  ...['ln', 'ls', 'mkdir', 'mktemp', 'mv', 'printf', 'ps', 'pwd', 'readlink', 'realpath', 'rm'],
  ...[
    'rmdir',
    'sed',
    'seq',
    'setsid',
    'sh',
    'sha256sum',
    'sleep',
    'sort',
    'stat',
    'tail',
    'tar',
    'tee',
    'test',
  ],
  ...['timeout', 'touch', 'tr', 'true', 'uname', 'uniq', 'wc', 'which', 'xargs'],
] as const;

/** Programs that are scripts; paths from the root. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  // Jenkins starts each step with it, and Debian's busybox does not have it.
  'usr/bin/nohup': '#!/bin/sh\ntrap "" HUP\nexec "$@"\n',
};
