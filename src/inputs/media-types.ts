const IMAGES: ReadonlySet<string> = new Set(
  '.jpg .jpeg .jpe .jfif .png .webp .gif .tif .tiff .avif .bmp .dib .svg'.split(' '),
);

/** Without `.ts`, which is TypeScript more often than a transport stream. */
const VIDEOS: ReadonlySet<string> = new Set(
  '.mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .mts .m2ts .wmv .flv .ogv .3gp'.split(' '),
);

const SINGLE_PAGE: ReadonlySet<string> = new Set('.jpg .jpeg .jpe .jfif .png .bmp .dib .svg'.split(' '));

export function mediaOf(ending: string): 'image' | 'video' | undefined {
  if (IMAGES.has(ending)) return 'image';
  return VIDEOS.has(ending) ? 'video' : undefined;
}

export const mayHavePages = (ending: string): boolean => !SINGLE_PAGE.has(ending);
