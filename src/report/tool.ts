/** Name and version of this program; a contract test keeps them equal to package.json. */
export const TOOL = { name: 'verity-sign', version: '0.1.0' } as const;
