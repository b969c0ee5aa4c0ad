/** Name and version of this program; a contract test keeps them equal to package.json. */
export const TOOL = { name: 'verity-sign', version: '0.1.0' } as const;

/** With what every item of every report begins. */
export const REPORT_HEAD = { schemaVersion: 1, tool: TOOL } as const;
