import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Properties {
  readonly label: string;
  readonly accept?: string;
  readonly multiple?: boolean;
  /** Whether pasted files are for this zone. */
  readonly isShown: boolean;
  readonly onFiles: (files: DataTransfer | readonly File[]) => void;
  /** Buttons beside the one that chooses files. */
  readonly children?: ComponentChildren;
}

/** Takes files that are dropped anywhere on the page, pasted, or chosen. */
export function DropZone({ label, accept, multiple, isShown, onFiles, children }: Properties): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (!isShown) return;
    const over = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) onFiles(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) onFiles(files);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, [isShown, onFiles]);
  return (
    <div class={isOver ? 'drop over' : 'drop'}>
      <p>{label}</p>
      <div class="row">
        <button type="button" class="primary" onClick={() => input.current?.click()}>
          {multiple === true ? 'Choose files' : 'Choose an image'}
        </button>
        {children}
      </div>
      <input
        ref={input}
        type="file"
        aria-label={multiple === true ? 'Files of a model' : 'Image file'}
        class="away"
        tabIndex={-1}
        accept={accept}
        multiple={multiple}
        onChange={event => {
          const files = [...(event.currentTarget.files ?? [])];
          if (files.length > 0) onFiles(files);
          // The same file may be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
