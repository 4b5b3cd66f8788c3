/** Endings of files that a folder is searched for. */
const PICTURES: ReadonlySet<string> = new Set('.jpg .jpeg .jpe .jfif .png .webp .gif .tif .tiff .avif .svg'.split(' '));

/** `.ts` is left out: it is TypeScript more often than a transport stream. */
const VIDEOS: ReadonlySet<string> = new Set(
  '.mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .mts .m2ts .wmv .flv .ogv .3gp'.split(' '),
);

/** Endings of files that hold one picture each. */
const ONE_PAGE: ReadonlySet<string> = new Set('.jpg .jpeg .jpe .jfif .png .svg'.split(' '));

/** What a file is by its ending, which is in lower case, with its point; undefined where that says nothing. */
export const mediaOf = (ending: string): 'picture' | 'video' | undefined =>
  PICTURES.has(ending) ? 'picture' : VIDEOS.has(ending) ? 'video' : undefined;

/** Whether only a look into the file tells how many pictures it holds. */
export const mayHavePages = (ending: string): boolean => !ONE_PAGE.has(ending);
