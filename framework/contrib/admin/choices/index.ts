export {
  forgetSizes,
  isSearched,
  isSearchedAnyway,
  prepareSizes,
  searchedIfLarge,
  searchNames,
} from './large';
