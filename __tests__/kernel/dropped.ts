/** What a container is made to do with code that is not its image's: key of the guest → meaning. */
export const DROPPED = {
  program: 'a program dropped into the writable layer',
  'program-by-the-shell': "the same, started by the image's shell",
  'program-in-memory': 'a program in a memfd',
  script: 'a `#!` script dropped into the writable layer',
  'script-as-argument': "the same script as an argument of the image's shell",
  'changed-own-program': "the image's program after a chmod, which copies it up",
  'map-program': 'a dropped file mapped executable',
  'map-own-program': "the image's program mapped executable",
  'map-anonymous': 'executable anonymous memory',
} as const;

/** What comes of it where only signed or listed layers may be executed. */
export const DENIED: Readonly<Record<keyof typeof DROPPED, string>> = {
  program: 'EACCES',
  'program-by-the-shell': 'exit:126 sh: /dropped/busybox: Permission denied',
  'program-in-memory': 'EACCES',
  script: 'EACCES',
  // A signed interpreter does what it is told: IPE sees no execution there.
  'script-as-argument': 'OK',
  'changed-own-program': 'EACCES',
  'map-program': 'EACCES',
  'map-own-program': 'OK',
  'map-anonymous': 'EACCES',
};
