/** One `LEN KEY=VALUE\n` record of a PAX extended header; key latin1, value raw bytes. */
export interface PaxRecord {
  key: string;
  value: Buffer;
}

/** The records up to the first that is malformed or cut. [POSIX pax, extended header] */
export function parsePaxRecords(data: Buffer): PaxRecord[] {
  const records: PaxRecord[] = [];
  let at = 0;
  while (at < data.length) {
    const space = data.indexOf(0x20, at);
    if (space === -1 || space - at > 12) break;
    const length = Number(data.toString('latin1', at, space));
    const equals = data.indexOf(0x3d, space);
    const end = at + length;
    if (!Number.isInteger(length) || end > data.length || equals === -1 || equals >= end) break;
    records.push({
      key: data.toString('latin1', space + 1, equals),
      value: data.subarray(equals + 1, end - 1),
    });
    at = end;
  }
  return records;
}
