import { type RecordOf, scalar, table, text } from '../../wire/flatbuffer.ts';

export const ifOptions = table('IfOptions', { thenBranch: scalar(0, 'int32'), elseBranch: scalar(1, 'int32') });
export const whileOptions = table('WhileOptions', { condition: scalar(0, 'int32'), body: scalar(1, 'int32') });
export const callOnceOptions = table('CallOnceOptions', { subgraph: scalar(0, 'int32') });
export const varHandleOptions = table('VarHandleOptions', { container: text(0), name: text(1) });

/** What identifies a variable in all subgraphs. */
export const variableKey = ({ container, name }: RecordOf<typeof varHandleOptions>): string => `${container}/${name}`;
