/** Ops that read a table. */
export const LOOKUPS: ReadonlySet<string> = new Set([
  'LookupTableFind',
  'LookupTableFindV2',
  'LookupTableSize',
  'LookupTableSizeV2',
  'LookupTableExport',
  'LookupTableExportV2',
]);
