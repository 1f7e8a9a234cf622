export default {
  // Blocks without a language are commands and folders, and are not guessed at.
  configureHljs: hljs => hljs.configure({ languages: [] }),
}
