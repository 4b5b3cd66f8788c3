import type { ModelFile } from './messages.ts';

/** Returns chosen files; those of a folder have their path in it. */
export const chosenFiles = (files: readonly File[]): readonly ModelFile[] =>
  files.map(file => [file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, file]);

/** Returns dropped files, and those in dropped folders. Call it before the event has ended. */
export async function droppedFiles(dropped: DataTransfer): Promise<readonly ModelFile[]> {
  const entries = [...dropped.items].map(item => item.webkitGetAsEntry()).filter(entry => entry !== null);
  // Files that are dragged from other pages have no entries.
  if (entries.length === 0) return chosenFiles([...dropped.files]);
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<readonly ModelFile[]> {
  if (isFile(entry)) return [[pathOf(entry), await new Promise<File>((...then) => entry.file(...then))]];
  if (!isDirectory(entry)) return [];
  const reader = entry.createReader();
  const files: ModelFile[] = [];
  // A reader returns its entries in parts.
  for (let part = await read(reader); part.length > 0; part = await read(reader)) {
    files.push(...(await Promise.all(part.map(filesIn))).flat());
  }
  return files;
}

const read = (reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> =>
  new Promise((...then) => reader.readEntries(...then));

const pathOf = ({ fullPath }: FileSystemEntry): string => fullPath.replace(/^\//, '');

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
