/** A photo that the page brings along. */
const SAMPLE = new URL('../../docs/images/coffee.jpg', import.meta.url).href;

/** Loads the sample as if it had been chosen. @throws Error if the server does not answer */
export async function sampleFile(): Promise<File> {
  const response = await fetch(SAMPLE);
  if (!response.ok) throw new Error(`the server answered with status ${response.status}`);
  return new File([await response.blob()], 'coffee.jpg', { type: 'image/jpeg' });
}
