import { useEffect, useState } from 'preact/hooks';

/** Returns a URL of the content, and frees it afterwards; undefined without content. */
export function useObjectUrl(content: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (content === undefined) return;
    const created = URL.createObjectURL(content);
    setUrl(created);
    return () => {
      setUrl(undefined);
      URL.revokeObjectURL(created);
    };
  }, [content]);
  return url;
}
