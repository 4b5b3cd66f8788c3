export default { serverExternalPackages: ['decant'] };
