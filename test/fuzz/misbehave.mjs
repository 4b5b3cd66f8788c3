// A child process that does what its task says.
process.on('message', ({ target }) => {
  if (target === 'hang') for (;;);
  if (target === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (target === 'exit') process.exit(7);
  if (target === 'grow') globalThis.kept = Array.from({ length: 50 }, () => new Uint8Array(1e7).fill(1));
  if (target === 'read') process.send('read');
});
process.on('disconnect', () => process.exit());
process.send('ready');
