import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { VERSION } from '../src/version.ts';
import { ConvertView } from './convert/convert-view.tsx';
import { DetectView } from './detect/detect-view.tsx';

const TABS = ['detect', 'convert'] as const;

type Tab = (typeof TABS)[number];

const TITLES: Readonly<Record<Tab, string>> = { detect: 'Detect', convert: 'Convert' };

const tabIn = (hash: string): Tab => (hash === '#convert' ? 'convert' : 'detect');

/** The page: its two views are at `#detect` and `#convert`. Both stay, so that changing the view loses nothing. */
export function App(): JSX.Element {
  const [shown, setShown] = useState(tabIn(location.hash));
  useEffect(() => {
    const follow = (): void => setShown(tabIn(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return (
    <>
      <header>
        <h1>
          decant <small>{VERSION}</small>
        </h1>
        <nav aria-label="Views">
          {TABS.map(tab => (
            <a key={tab} href={`#${tab}`} aria-current={tab === shown ? 'page' : undefined}>
              {TITLES[tab]}
            </a>
          ))}
          <a href="docs/">API</a>
        </nav>
      </header>
      <main>
        <div hidden={shown !== 'detect'}>
          <DetectView isShown={shown === 'detect'} />
        </div>
        <div hidden={shown !== 'convert'}>
          <ConvertView isShown={shown === 'convert'} />
        </div>
      </main>
    </>
  );
}
